package dev.slipway.bench;

import dev.slipway.standalone.Ports;
import dev.slipway.standalone.Teller;
import java.nio.file.Path;
import java.util.Map;

/**
 * What one run of a program is given.
 *
 * @param quick the same in fewer rounds
 * @param ports its own to use
 * @param folder empty; removed afterwards
 * @param teller takes what people want to read while it runs
 * @param results takes what it found
 * @param settings what was set for this program alone
 */
public record Run(
    boolean quick,
    Ports ports,
    Path folder,
    Teller teller,
    Results results,
    Map<String, String> settings) {
  private static final int ROUNDS = 5;
  private static final int QUICK_ROUNDS = 2;

  public Run {
    settings = Map.copyOf(settings);
  }

  /** Of a program that has nothing to be set. */
  public Run(boolean quick, Ports ports, Path folder, Teller teller, Results results) {
    this(quick, ports, folder, teller, results, Map.of());
  }

  /** How often something is measured, after one round of warm-up. */
  public int rounds() {
    return quick ? QUICK_ROUNDS : ROUNDS;
  }
}
