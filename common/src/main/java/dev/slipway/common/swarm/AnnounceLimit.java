package dev.slipway.common.swarm;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How often one ticket may announce: far more than a client does, far less than a flood. Bounded in
 * memory: past so many tickets in a window, those that are new in it are not counted.
 */
final class AnnounceLimit {
  static final int MOST = 30;
  static final Duration WINDOW = Duration.ofSeconds(30);
  private static final int MOST_TICKETS = 200_000;

  private final Clock clock;
  private final Map<Ticket, Integer> counts = new HashMap<>();
  private Instant end;

  AnnounceLimit(Clock clock) {
    this.clock = clock;
    this.end = clock.instant().plus(WINDOW);
  }

  /** Counts an announce; false when it is one too many. */
  synchronized boolean admits(Ticket ticket) {
    var now = clock.instant();
    // also when the clock was set back
    if (!now.isBefore(end) || now.isBefore(end.minus(WINDOW))) {
      counts.clear();
      end = now.plus(WINDOW);
    }
    if (counts.size() >= MOST_TICKETS && !counts.containsKey(ticket)) {
      return true;
    }
    return counts.merge(ticket, 1, Integer::sum) <= MOST;
  }
}
