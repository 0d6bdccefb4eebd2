package dev.slipway.region.copy;

import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.Poll;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Builds whose bytes a machine could not get, or did not believe. Whatever a machine says, each is
 * looked at once in a while only.
 */
public final class Doubts {
  private static final Duration PAUSE = Duration.ofSeconds(30);

  /** More are not remembered at a time; who still has trouble says it again. */
  private static final int MOST = 1_000;

  private final Set<Long> waiting = new HashSet<>();
  private final Map<Long, Long> taken = new HashMap<>();
  private final LongSupplier nanos;
  private final Changes changes = new Changes();

  /**
   * @param nanos a clock for durations, as {@link System#nanoTime}
   */
  public Doubts(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Takes from a machine's word what it has trouble to get. */
  public void hear(Poll poll) {
    for (var app : poll.apps()) {
      if (isTrouble(app) && add(app.build())) {
        changes.signal();
      }
    }
  }

  private static boolean isTrouble(AppReport app) {
    return app.detail() != null && app.bytesDone() < app.bytesTotal();
  }

  private synchronized boolean add(long build) {
    var now = nanos.getAsLong();
    taken.values().removeIf(then -> now - then > PAUSE.toNanos());
    return !taken.containsKey(build) && waiting.size() < MOST && waiting.add(build);
  }

  /** The builds to look at now. */
  synchronized Set<Long> take() {
    var builds = Set.copyOf(waiting);
    waiting.clear();
    var now = nanos.getAsLong();
    builds.forEach(build -> taken.put(build, now));
    return builds;
  }

  /** Signalled when there is something to take. */
  Changes changes() {
    return changes;
  }
}
