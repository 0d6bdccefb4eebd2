package dev.slipway.common.blob;

/**
 * An object as its bucket describes it.
 *
 * @param size bytes
 * @param crc32c base64 of the big-endian CRC32C, as Cloud Storage writes it
 * @param generation changes whenever the object is written anew
 */
public record BlobInfo(String name, long size, String crc32c, long generation) {}
