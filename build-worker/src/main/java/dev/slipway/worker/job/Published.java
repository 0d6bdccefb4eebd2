package dev.slipway.worker.job;

import dev.slipway.common.artifact.Sha256;

/**
 * What an attempt has published.
 *
 * @param binaryName the artifact's object name
 * @param size bytes
 * @param crc32c as Cloud Storage writes it
 * @param manifest the signed manifest's object name
 */
public record Published(
    String binaryName, long size, Sha256 sha256, String crc32c, String manifest) {}
