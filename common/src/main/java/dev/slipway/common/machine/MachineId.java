package dev.slipway.common.machine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.regex.Pattern;

/** A machine's name, unique in its region. */
public record MachineId(@JsonValue String value) {
  /** What it may look like. */
  public static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?");

  @JsonCreator
  public MachineId {
    InvalidInput.unless(
        FORM.matcher(value).matches(),
        "machine",
        "must be 1 to 64 letters, digits, dots, hyphens and underscores");
  }

  @Override
  public String toString() {
    return value;
  }
}
