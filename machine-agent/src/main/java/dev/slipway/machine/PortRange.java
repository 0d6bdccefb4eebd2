package dev.slipway.machine;

import dev.slipway.common.problem.InvalidInput;

/**
 * Ports to give to apps, both ends included.
 *
 * @param from 1 to 65,535
 * @param to not below {@code from}
 */
public record PortRange(int from, int to) {
  public PortRange {
    InvalidInput.unless(
        from >= 1 && from <= to && to <= 65_535,
        "any-app",
        "must be FROM-TO, two ports of 1 to 65535 in order");
  }
}
