package dev.slipway.common.replica;

import dev.slipway.common.artifact.Sha256;
import java.util.UUID;

/**
 * A region's word that its bucket holds the copy.
 *
 * @param id of this claim: one that arrives twice is counted once
 * @param movedBytes what came into the region over the wide area for it since the agent's last
 *     claim of it, tries that failed included
 */
public record ReplicaClaim(UUID id, Sha256 sha256, long size, long movedBytes) {}
