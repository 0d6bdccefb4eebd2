package dev.slipway.queue.push;

import java.util.HexFormat;
import java.util.SplittableRandom;

/** Starts the trace of one commit, in the form of W3C's {@code traceparent} header. */
final class TraceParent {
  private static final HexFormat HEX = HexFormat.of();

  private TraceParent() {}

  /** A new, sampled trace. */
  static String start() {
    var random = new SplittableRandom();
    return "00-"
        + HEX.toHexDigits(nonZero(random))
        + HEX.toHexDigits(nonZero(random))
        + "-"
        + HEX.toHexDigits(nonZero(random))
        + "-01";
  }

  // the standard calls all zeros invalid
  private static long nonZero(SplittableRandom random) {
    return random.nextLong(1, Long.MAX_VALUE);
  }
}
