package dev.slipway.common.replica;

import dev.slipway.common.artifact.Sha256;

/**
 * A region's word that its bucket holds the copy.
 *
 * @param movedBytes what came into the region over the wide area for it
 */
public record ReplicaClaim(Sha256 sha256, long size, long movedBytes) {}
