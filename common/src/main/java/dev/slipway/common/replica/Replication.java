package dev.slipway.common.replica;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.trace.TraceParent;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A copy that a region's bucket lacks.
 *
 * @param manifest object name of the signed manifest in the home bucket; the copy in the region has
 *     the same name
 * @param announce where the artifact's global swarm meets; carries the agent's credential
 * @param leads whether the agent that asked is the one that brings it; another one does otherwise
 * @param trace the span that the copy is in the build's trace; none of builds that have no trace,
 *     and from a centre that does not tell it
 */
public record Replication(
    long job,
    AppName app,
    Sha256 sha256,
    long size,
    String crc32c,
    String manifest,
    URI announce,
    ReplicationMode mode,
    boolean leads,
    @Nullable TraceParent trace) {}
