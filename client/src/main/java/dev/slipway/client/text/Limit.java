package dev.slipway.client.text;

import dev.slipway.common.problem.InvalidInput;
import picocli.CommandLine.Option;

/** How much of a list is shown. */
public final class Limit {
  private static final int MOST = 10_000;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many, 1 to 10000 (default ${DEFAULT-VALUE}).")
  private int rows = 20;

  /** At most so many. */
  public int rows() {
    InvalidInput.unless(rows >= 1 && rows <= MOST, "--limit", "must be 1 to " + MOST);
    return rows;
  }
}
