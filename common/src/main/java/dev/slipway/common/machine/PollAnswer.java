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
 */
public record PollAnswer(
    long revision, List<Assignment> assignments, int retrySeconds, List<Prefetch> ahead) {
  public PollAnswer(
      long revision,
      List<Assignment> assignments,
      int retrySeconds,
      @Nullable List<Prefetch> ahead) {
    this.revision = revision;
    this.assignments = assignments;
    this.retrySeconds = retrySeconds;
    // a region that knows nothing of it says nothing
    this.ahead = ahead == null ? List.of() : ahead;
  }
}
