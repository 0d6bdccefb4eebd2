package dev.slipway.bench;

import dev.slipway.standalone.Ports;
import dev.slipway.standalone.Teller;
import java.nio.file.Path;

/**
 * What one run of a program is given.
 *
 * @param quick the same in fewer rounds
 * @param ports its own to use
 * @param folder empty; removed afterwards
 * @param teller takes what people want to read while it runs
 * @param results takes what it found
 */
public record Run(boolean quick, Ports ports, Path folder, Teller teller, Results results) {
  private static final int ROUNDS = 5;
  private static final int QUICK_ROUNDS = 2;

  /** How often something is measured, after one round of warm-up. */
  public int rounds() {
    return quick ? QUICK_ROUNDS : ROUNDS;
  }
}
