package dev.slipway.region.copy;

import dev.slipway.region.Backoff;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a build may be copied again, and what has moved for it. Each attempt puts the next one off
 * for longer, also one that went well: a build that is wanted after it was claimed was found
 * wanting, and who judges it may do so for ever.
 */
final class Attempts {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int REMEMBERED = 10_000;

  private static final class Tried {
    final Backoff backoff = new Backoff(FIRST, LONGEST);
    final AtomicLong moved = new AtomicLong();
    long notBeforeNanos = System.nanoTime();
  }

  private final Map<Long, Tried> tried =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Tried> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * Bytes that came over the wide area for a build and were not claimed yet, by whichever attempt
   * of this process.
   */
  synchronized AtomicLong moved(long job) {
    return tried.computeIfAbsent(job, any -> new Tried()).moved;
  }

  synchronized boolean mayMake(long job) {
    var found = tried.get(job);
    return found == null || System.nanoTime() - found.notBeforeNanos >= 0;
  }

  /** Counts an attempt that has ended and tells how long to leave the build alone. */
  synchronized Duration made(long job) {
    var found = tried.computeIfAbsent(job, any -> new Tried());
    var pause = found.backoff.failed();
    found.notBeforeNanos = System.nanoTime() + pause.toNanos();
    return pause;
  }
}
