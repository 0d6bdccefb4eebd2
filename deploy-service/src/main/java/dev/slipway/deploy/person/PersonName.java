package dev.slipway.deploy.person;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.regex.Pattern;

/** What somebody signs in as, and is called in the audit trail. */
public record PersonName(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,99}");

  @JsonCreator
  public PersonName {
    InvalidInput.unless(
        FORM.matcher(value).matches(),
        "name",
        "must be 1 to 100 lower-case letters, digits, '.', '_', '@', '-', starting with a letter or digit");
  }

  @Override
  public String toString() {
    return value;
  }
}
