package dev.slipway.bench.day;

import java.util.concurrent.TimeUnit;

/** The day's time, which goes {@value #COMPRESSION} times as fast as the clock's. */
final class Clockwork {
  /** Seconds of the day in a second. */
  static final double COMPRESSION = 60;

  private static final double HOUR = 3_600;

  private final double from;
  private final long begun = System.nanoTime();

  /** Starts at an hour of the day. */
  Clockwork(int fromHour) {
    this.from = fromHour * HOUR;
  }

  /** Seconds of the day since midnight. */
  double seconds() {
    return from + (System.nanoTime() - begun) / 1e9 * COMPRESSION;
  }

  /** As on a watch. */
  String watch() {
    var minutes = (long) (seconds() / 60);
    return "%02d:%02d".formatted(minutes / 60, minutes % 60);
  }

  /** Waits for a moment of the day. */
  void await(double second) throws InterruptedException {
    var left = (second - seconds()) / COMPRESSION;
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep((long) (left * 1e9));
    }
  }
}
