package dev.slipway.client.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param check what was looked at
 * @param text what was found, as a sentence without its stop
 * @param mend what to do; none where nothing need be
 */
record Finding(Level level, String check, String text, @Nullable String mend) {
  /** How bad it is, the worst last. */
  enum Level {
    OK,
    /** Works, and will not for long or not for all. */
    WARNING,
    /** Does not work. */
    ERROR
  }

  static Finding ok(String check, String text) {
    return new Finding(Level.OK, check, text, null);
  }

  static Finding warning(String check, String text, String mend) {
    return new Finding(Level.WARNING, check, text, mend);
  }

  static Finding error(String check, String text, String mend) {
    return new Finding(Level.ERROR, check, text, mend);
  }
}
