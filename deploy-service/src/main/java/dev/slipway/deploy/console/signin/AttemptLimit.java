package dev.slipway.deploy.console.signin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Bounds how often somebody may try to sign in: by the name that is tried, whether anybody has it
 * or not, and by the address that tries. In memory, so of each instance by itself; what is
 * remembered is bounded too.
 */
final class AttemptLimit {
  static final Duration WINDOW = Duration.ofMinutes(15);
  static final int BY_NAME = 10;
  static final int BY_ADDRESS = 50;
  static final int MOST_KEYS = 10_000;

  private final Clock clock;
  private final SequencedMap<String, Window> windows = new LinkedHashMap<>();

  AttemptLimit(Clock clock) {
    this.clock = clock;
  }

  private record Window(Instant end, int attempts) {}

  /** Counts an attempt, before it is looked at; false when there were too many. */
  synchronized boolean admits(String name, String address) {
    var byAddress = count("address " + address);
    var byName = name.isEmpty() ? 1 : count("name " + name);
    return byAddress <= BY_ADDRESS && byName <= BY_NAME;
  }

  /** The attempt was a good one: it does not count, nor do the name's before. */
  synchronized void succeeded(String name, String address) {
    windows.remove("name " + name);
    windows.computeIfPresent(
        "address " + address, (key, now) -> new Window(now.end(), now.attempts() - 1));
  }

  private int count(String key) {
    var now = clock.instant();
    var known = windows.get(key);
    var next =
        known == null || !now.isBefore(known.end())
            ? new Window(now.plus(WINDOW), 1)
            : new Window(known.end(), Math.addExact(known.attempts(), 1));
    windows.remove(key);
    windows.put(key, next);
    if (windows.size() > MOST_KEYS) {
      windows.pollFirstEntry();
    }
    return next.attempts();
  }
}
