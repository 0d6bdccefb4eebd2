package dev.slipway.client.text;

import picocli.CommandLine.Option;

/** How a command answers that only reads: for people, or for programs. */
public final class Reading extends Output {
  @Option(names = "--json", description = "For programs: JSON instead of a table.")
  private boolean json;

  public boolean isJson() {
    return json;
  }
}
