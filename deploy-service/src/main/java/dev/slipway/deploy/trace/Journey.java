package dev.slipway.deploy.trace;

import dev.slipway.common.trace.TraceParent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a deployment went.
 *
 * @param push the trace of the build that it brought
 * @param startedAt when its first targets were written; none where it never began
 * @param problem why it did not succeed; none where it did
 * @param waves when each began, in order
 * @param machines of each region those that were the last to get there, at most {@link
 *     TraceStore#MOST_MACHINES}
 */
record Journey(
    long deployment,
    TraceParent push,
    String app,
    long build,
    String cause,
    String status,
    Instant createdAt,
    @Nullable Instant startedAt,
    Instant finishedAt,
    @Nullable String problem,
    List<Instant> waves,
    List<Machine> machines) {
  /**
   * A machine that was told to run the build, and what came of it.
   *
   * @param toldAt when it first spoke of the build
   * @param activatingAt when it began to activate it; none where it was not heard to
   * @param doneAt when it said that it runs it, or that it failed
   * @param problem why it failed
   */
  record Machine(
      String region,
      String id,
      Instant toldAt,
      @Nullable Instant activatingAt,
      Instant doneAt,
      @Nullable String problem) {}
}
