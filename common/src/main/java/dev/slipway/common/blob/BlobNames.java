package dev.slipway.common.blob;

import dev.slipway.common.problem.InvalidInput;
import java.util.regex.Pattern;

/**
 * Names that mean the same in every kind of bucket. A segment's length leaves file systems room,
 * and none starts with a dot: folders keep their own affairs, and {@code ..}, there.
 */
final class BlobNames {
  private static final int MAX_LENGTH = 1_000;
  private static final Pattern SEGMENT =
      Pattern.compile("[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]{0,199}");

  private BlobNames() {}

  /** The name itself when it is a good one. */
  static String checked(String name) {
    InvalidInput.unless(
        isGood(name),
        "object name",
        "must be a relative path of at most "
            + MAX_LENGTH
            + " characters, its segments 1 to 200 letters, digits and ._+=@- and no dot first");
    return name;
  }

  static boolean isGood(String name) {
    return name.length() <= MAX_LENGTH && isPath(name);
  }

  private static boolean isPath(String name) {
    for (var segment : name.split("/", -1)) {
      if (!SEGMENT.matcher(segment).matches()) {
        return false;
      }
    }
    return true;
  }
}
