package dev.slipway.common.app;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.regex.Pattern;

/** An app's name: part of URLs, bucket object names and folders, so it is checked at birth. */
public record AppName(@JsonValue String value) {
  /** What it may look like. */
  public static final Pattern FORM = Pattern.compile("[a-z]([a-z0-9-]{0,38}[a-z0-9])?");

  @JsonCreator
  public AppName {
    InvalidInput.unless(
        FORM.matcher(value).matches(),
        "app",
        "must be 1 to 40 lower-case letters, digits and hyphens, starting with a letter");
  }

  @Override
  public String toString() {
    return value;
  }
}
