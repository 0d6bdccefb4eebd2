package dev.slipway.deploy.console;

import dev.slipway.common.problem.InvalidInput;

/**
 * Which machines a page shows; what is empty does not matter.
 *
 * @param name how the machine's name begins
 */
public record MachineFilter(String region, String app, String state, String name) {
  private static final int LONGEST = 100;

  public MachineFilter {
    region = checked(region, "region");
    app = checked(app, "app");
    state = checked(state, "state");
    name = checked(name, "name");
  }

  private static String checked(String value, String field) {
    InvalidInput.unless(
        value.length() <= LONGEST && value.indexOf('\0') < 0,
        field,
        "must be at most " + LONGEST + " characters, none of them NUL");
    return value.strip();
  }

  public boolean isEmpty() {
    return region.isEmpty() && app.isEmpty() && state.isEmpty() && name.isEmpty();
  }
}
