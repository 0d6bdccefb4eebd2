package dev.slipway.worker.job;

import dev.slipway.common.job.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a worker last was in each pool's line. To look from there on spares it the index entries of
 * all that was claimed since: they stay for as long as anybody holds an old snapshot. Jobs may turn
 * up behind a mark (they were given back, or their commit was late), so each is forgotten soon, and
 * when nothing is found behind it.
 */
final class Marks {
  private static final Duration KEPT = Duration.ofSeconds(5);

  private final Clock clock;
  private final Map<Pool, Kept> kept = new HashMap<>();

  private record Kept(Mark mark, Instant since) {}

  Marks(Clock clock) {
    this.clock = clock;
  }

  /** Where to look from. */
  Mark of(Pool pool) {
    var last = kept.get(pool);
    if (last == null || Duration.between(last.since, clock.instant()).compareTo(KEPT) >= 0) {
      kept.remove(pool);
      return Mark.START;
    }
    return last.mark;
  }

  /** Everything before {@code mark} was claimed by somebody, as far as is known. */
  void move(Pool pool, Mark mark) {
    var last = kept.get(pool);
    kept.put(pool, new Kept(mark, last == null ? clock.instant() : last.since));
  }

  void forget(Pool pool) {
    kept.remove(pool);
  }
}
