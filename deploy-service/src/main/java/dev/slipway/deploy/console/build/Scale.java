package dev.slipway.deploy.console.build;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where moments are in a picture that shows the time which counts: a wait that does not count takes
 * no room.
 *
 * @param gapFrom the wait; none where all time counts
 */
record Scale(Instant start, Instant end, @Nullable Instant gapFrom, @Nullable Instant gapUntil) {
  /** Below this share nobody sees a bar. */
  private static final double THINNEST = 0.4;

  /** Seconds that count from the start to a moment. */
  double seconds(Instant moment) {
    var at = moment.isAfter(end) ? end : moment;
    var whole = between(start, at);
    if (gapFrom == null || gapUntil == null || !at.isAfter(gapFrom)) {
      return whole;
    }
    return whole - between(gapFrom, at.isAfter(gapUntil) ? gapUntil : at);
  }

  /** Seconds that the picture shows. */
  double whole() {
    return Math.max(0.001, seconds(end));
  }

  /** A bar from one moment to another, or to the end while the other has not come. */
  Bar bar(String kind, Instant from, @Nullable Instant until) {
    var x = seconds(from) / whole() * 100;
    var width = seconds(until == null ? end : until) / whole() * 100 - x;
    return Bar.of(kind, Math.min(x, 100 - THINNEST), Math.max(width, THINNEST), until == null);
  }

  private static double between(Instant from, Instant until) {
    return Math.max(0, Duration.between(from, until).toMillis() / 1e3);
  }

  /**
   * A bar.
   *
   * @param kind what it shows, for its colour
   * @param x where it begins, and {@code width}, in percent of the picture
   * @param lasting whether it has not ended
   */
  public record Bar(String kind, String x, String width, boolean lasting) {
    static Bar of(String kind, double x, double width, boolean lasting) {
      return new Bar(kind, percent(x), percent(width), lasting);
    }

    private static String percent(double value) {
      return String.format(Locale.ROOT, "%.2f%%", Math.clamp(value, 0, 100));
    }
  }
}
