package dev.slipway.region;

import dev.slipway.common.blob.BlobStore;

/**
 * The two buckets that this agent knows.
 *
 * @param own the region's, which it writes
 * @param home where workers publish to, which it only reads
 */
public record Buckets(BlobStore own, BlobStore home) {}
