package dev.slipway.bench.ha;

import java.time.Duration;

/**
 * How much of it.
 *
 * @param kills of the primary
 * @param freezes of the primary
 * @param slow how long the database is slow
 * @param deployments that are followed to a far region
 */
record Scale(int kills, int freezes, Duration slow, int deployments) {
  static final Scale FULL = new Scale(3, 2, Duration.ofSeconds(60), 10);
  static final Scale QUICK = new Scale(1, 1, Duration.ofSeconds(20), 4);
}
