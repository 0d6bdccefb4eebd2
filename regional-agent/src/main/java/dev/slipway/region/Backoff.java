package dev.slipway.region;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after each failure in a row: doubling, with jitter, bounded. */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private int failures;

  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
  }

  /** Counts a failure and tells how long to wait. */
  public Duration failed() {
    var millis = Math.min(first.toMillis() << Math.min(failures++, 20), longest.toMillis());
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
  }

  /** Whether the latest try failed. */
  public boolean isFailing() {
    return failures > 0;
  }

  public void succeeded() {
    failures = 0;
  }
}
