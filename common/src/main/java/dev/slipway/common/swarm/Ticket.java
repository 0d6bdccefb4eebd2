package dev.slipway.common.swarm;

import dev.slipway.common.artifact.Sha256;

/**
 * Admission of one member to the swarm of one artifact.
 *
 * @param member a name that is unique in the circle
 * @param zone members of one zone meet first; may be empty
 */
public record Ticket(Sha256 artifact, String member, String zone) {}
