package dev.slipway.region.copy;

import dev.slipway.region.Backoff;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When a build whose copy failed may be tried again. */
final class Failures {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private static final class Failing {
    final Backoff backoff = new Backoff(FIRST, LONGEST);
    volatile long notBeforeNanos;
  }

  private final Map<Long, Failing> failing = new ConcurrentHashMap<>();

  boolean mayTry(long job) {
    var found = failing.get(job);
    return found == null || System.nanoTime() - found.notBeforeNanos >= 0;
  }

  /** Counts a failure and tells how long to leave the build alone. */
  Duration failed(long job) {
    var found = failing.computeIfAbsent(job, any -> new Failing());
    var pause = found.backoff.failed();
    found.notBeforeNanos = System.nanoTime() + pause.toNanos();
    return pause;
  }

  void forget(long job) {
    failing.remove(job);
  }

  /** Forgets builds that nobody wants any more. */
  void keepOnly(Collection<Long> jobs) {
    failing.keySet().retainAll(jobs);
  }
}
