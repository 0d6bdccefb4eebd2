package dev.slipway.common.region;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.regex.Pattern;

/** A region's name. */
public record RegionName(@JsonValue String value) {
  /** What it may look like. */
  public static final Pattern FORM = Pattern.compile("[a-z]([a-z0-9-]{0,38}[a-z0-9])?");

  @JsonCreator
  public RegionName {
    InvalidInput.unless(
        FORM.matcher(value).matches(),
        "region",
        "must be 1 to 40 lower-case letters, digits and hyphens, starting with a letter");
  }

  @Override
  public String toString() {
    return value;
  }
}
