package dev.slipway.common.swarm;

/**
 * A v1, private, single-file torrent's info dictionary.
 *
 * @param name the file's name: the artifact's SHA-256 in hex
 * @param size bytes
 * @param pieceLength bytes
 */
public record Torrent(String name, long size, int pieceLength) {}
