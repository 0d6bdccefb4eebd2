package dev.slipway.common.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.regex.Pattern;

/** A commit's full hash, SHA-1 or SHA-256, in lower-case hex. */
public record CommitSha(@JsonValue String value) {
  /** What it may look like. */
  public static final Pattern FORM = Pattern.compile("[0-9a-f]{40}([0-9a-f]{24})?");

  @JsonCreator
  public CommitSha {
    InvalidInput.unless(
        FORM.matcher(value).matches(), "commit", "must be 40 or 64 lower-case hex digits");
  }

  /** The first twelve digits, for people. */
  public String abbreviated() {
    return value.substring(0, 12);
  }

  @Override
  public String toString() {
    return value;
  }
}
