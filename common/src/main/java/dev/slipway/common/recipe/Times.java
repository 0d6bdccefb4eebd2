package dev.slipway.common.recipe;

import java.time.Duration;

/** Durations as a recipe writes them. */
public final class Times {
  private Times() {}

  /** The duration in its largest whole unit, as 30m; whole seconds. */
  public static String written(Duration duration) {
    var seconds = duration.toSeconds();
    if (seconds > 0 && seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
