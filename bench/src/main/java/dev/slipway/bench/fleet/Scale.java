package dev.slipway.bench.fleet;

import java.time.Duration;

/**
 * How much of everything.
 *
 * @param machines of the one region
 * @param regions of the other part, with {@code machinesEach}
 * @param deploys how long it deploys, three times a minute
 */
record Scale(int machines, int regions, int machinesEach, Duration deploys) {
  static final Scale FULL = new Scale(10_000, 10, 1_000, Duration.ofMinutes(10));
  static final Scale QUICK = new Scale(2_000, 4, 250, Duration.ofMinutes(1));
}
