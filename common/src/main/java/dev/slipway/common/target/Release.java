package dev.slipway.common.target;

import dev.slipway.common.artifact.Sha256;

/**
 * A build as machines get it.
 *
 * @param build the job's id
 * @param size bytes
 * @param manifest object name of the signed manifest in the region's bucket
 */
public record Release(long build, Sha256 sha256, long size, String manifest) {}
