package dev.slipway.deploy.console;

import dev.slipway.common.problem.InvalidInput;

/** Where a page of machines goes on: behind this line. */
record MachineKey(String region, String machine, String app) {
  static final MachineKey START = new MachineKey("", "", "");
  private static final int LONGEST = 200;

  /** As {@link #toString} writes it; empty for the start. */
  static MachineKey of(String text) {
    if (text.isEmpty()) {
      return START;
    }
    var parts = text.split("/", -1);
    InvalidInput.unless(
        parts.length == 3 && text.length() <= LONGEST && text.indexOf('\0') < 0,
        "after",
        "must be region/machine/app as the page before gave it");
    return new MachineKey(parts[0], parts[1], parts[2]);
  }

  @Override
  public String toString() {
    return region + "/" + machine + "/" + app;
  }
}
