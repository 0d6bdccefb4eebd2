package dev.slipway.machine.app;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** When to try again: at once the first time, then after pauses that double, with jitter. */
final class Backoff {
  private final long firstNanos;
  private final long mostNanos;
  private int failures;
  private long dueNanos = System.nanoTime();

  /**
   * @param first the pause after the first failure
   * @param most the longest pause
   */
  Backoff(Duration first, Duration most) {
    this.firstNanos = first.toNanos();
    this.mostNanos = most.toNanos();
  }

  /** Whether it is time. */
  boolean isDue() {
    return System.nanoTime() - dueNanos >= 0;
  }

  /** How often it failed since the last reset. */
  int failures() {
    return failures;
  }

  void failed() {
    var pause = Math.min(mostNanos, firstNanos << Math.min(failures, 20));
    failures++;
    dueNanos = System.nanoTime() + ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
  }

  void reset() {
    failures = 0;
    dueNanos = System.nanoTime();
  }
}
