package dev.slipway.reaper;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether this reaper has been there long enough to judge workers: while it, or the database,
 * was away nobody may have taken their heartbeats. So it waits a full time-out after its start, and
 * after every gap between passes of half a time-out or more.
 */
final class Attendance {
  private final Duration timeout;
  private @Nullable Instant since;
  private @Nullable Instant lastPass;

  Attendance(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * Notes a pass.
   *
   * @param now on the database's clock, so that only passes that reach it count
   */
  boolean mayJudge(Instant now) {
    if (since == null
        || lastPass == null
        || Duration.between(lastPass, now).multipliedBy(2).compareTo(timeout) >= 0) {
      since = now;
    }
    lastPass = now;
    return Duration.between(since, now).compareTo(timeout) >= 0;
  }
}
