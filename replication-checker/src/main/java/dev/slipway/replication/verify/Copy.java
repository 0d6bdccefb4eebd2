package dev.slipway.replication.verify;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.replica.ReplicaStatus;
import dev.slipway.common.trace.TraceParent;
import org.jspecify.annotations.Nullable;

/**
 * A copy to judge, with what it must be.
 *
 * @param status the state that it is judged in: a verdict on it holds while it is in that state
 * @param bucket address
 * @param generation of the object that was judged right before; none at first
 * @param readWhole whether somebody asked for all of it to be read
 * @param push its build's trace; none of builds that have no trace
 */
record Copy(
    long job,
    String region,
    ReplicaStatus status,
    String bucket,
    String name,
    String manifest,
    long size,
    Sha256 sha256,
    String crc32c,
    @Nullable Long generation,
    boolean readWhole,
    @Nullable TraceParent push) {
  /** The span of its verdict in the trace. */
  @Nullable TraceParent span() {
    return push == null ? null : ReplicationTrace.verify(push, region);
  }
}
