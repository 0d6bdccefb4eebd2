package dev.slipway.common.replica;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.regex.Pattern;

/** A regional agent's name, unique in its region. */
public record AgentName(@JsonValue String value) {
  /** What it may look like. */
  public static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  @JsonCreator
  public AgentName {
    InvalidInput.unless(
        FORM.matcher(value).matches(),
        "agent",
        "must be 1 to 64 letters, digits, dots, hyphens and underscores");
  }

  @Override
  public String toString() {
    return value;
  }
}
