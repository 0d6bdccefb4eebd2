package dev.slipway.common.machine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The region's answer.
 *
 * @param revision to poll with next
 * @param assignments every app of this machine with a target above {@code after}
 * @param retrySeconds how long to wait after a failed poll
 * @param ahead what to have before it is asked for, where that has changed above {@code after}
 * @param limits of the machine from now on; told with each answer
 */
public record PollAnswer(
    long revision,
    List<Assignment> assignments,
    int retrySeconds,
    List<Prefetch> ahead,
    Limits limits) {
  public PollAnswer(
      long revision,
      List<Assignment> assignments,
      int retrySeconds,
      @Nullable List<Prefetch> ahead,
      @Nullable Limits limits) {
    this.revision = revision;
    this.assignments = assignments;
    this.retrySeconds = retrySeconds;
    // a region that knows nothing of these says nothing
    this.ahead = ahead == null ? List.of() : ahead;
    this.limits = limits == null ? Limits.NONE : limits;
  }
}
