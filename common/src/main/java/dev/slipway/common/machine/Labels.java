package dev.slipway.common.machine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a machine is in its owner's words, as {@code canary}, or must be.
 *
 * @param values up to {@value #MOST}, sorted and distinct; each 1 to 40 lower-case letters, digits,
 *     points, hyphens and underscores
 */
public record Labels(@JsonValue List<String> values) {

  /** The most labels of a machine. */
  public static final int MOST = 20;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");

  public static final Labels NONE = new Labels(List.of());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Labels {
    InvalidInput.unless(values.size() <= MOST, "labels", "must be at most " + MOST);
    for (var label : values) {
      InvalidInput.unless(
          LABEL.matcher(label).matches(),
          "labels",
          "must each be 1 to 40 lower-case letters, digits, points, hyphens and underscores");
    }
    values = List.copyOf(new TreeSet<>(values));
  }

  public static Labels of(String... values) {
    return new Labels(List.of(values));
  }

  public boolean isNone() {
    return values.isEmpty();
  }

  /** Whether whoever has these labels has all that are wanted. */
  public boolean cover(Labels wanted) {
    return values.containsAll(wanted.values);
  }

  /**
   * These and others together.
   *
   * @throws InvalidInput when they are too many
   */
  public Labels and(Labels others) {
    return new Labels(Stream.concat(values.stream(), others.values.stream()).distinct().toList());
  }

  /** Those that others have too. */
  public Labels inCommon(Labels others) {
    return new Labels(values.stream().filter(others.values::contains).toList());
  }

  /** Joined by commas. */
  @Override
  public String toString() {
    return String.join(", ", values);
  }
}
