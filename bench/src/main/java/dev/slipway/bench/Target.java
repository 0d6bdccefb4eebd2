package dev.slipway.bench;

import java.util.function.DoublePredicate;

/**
 * What a figure is to reach.
 *
 * @param sign how it is written before the limit
 */
record Target(String sign, double limit, DoublePredicate met) {
  static Target below(double limit) {
    return new Target("<", limit, value -> value < limit);
  }

  static Target above(double limit) {
    return new Target(">", limit, value -> value > limit);
  }

  static Target atLeast(double limit) {
    return new Target(">=", limit, value -> value >= limit);
  }
}
