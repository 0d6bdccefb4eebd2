package dev.slipway.common.delta;

/**
 * The sum of a window of bytes: a polynomial in them, modulo 2^64, which moves on by a byte with
 * two multiplications. Every byte of the window reaches its upper half, so that is what tables go
 * by.
 */
final class RollingSum {
  private static final long BASE = 0x9E3779B97F4A7C15L;
  private static final long BASE_2 = power(2);
  private static final long BASE_3 = power(3);
  private static final long BASE_4 = power(4);

  private final long leaving;

  /**
   * @param window bytes
   */
  RollingSum(int window) {
    this.leaving = power(window);
  }

  private static long power(int exponent) {
    var power = 1L;
    for (var i = 0; i < exponent; i++) {
      power *= BASE;
    }
    return power;
  }

  /** The sum of some bytes; four at a time, as multiplications wait for each other. */
  static long of(byte[] bytes, int offset, int length) {
    var sum = 0L;
    var i = offset;
    for (var last = offset + length - 4; i <= last; i += 4) {
      sum =
          sum * BASE_4
              + (bytes[i] & 0xff) * BASE_3
              + (bytes[i + 1] & 0xff) * BASE_2
              + (bytes[i + 2] & 0xff) * BASE
              + (bytes[i + 3] & 0xff);
    }
    for (; i < offset + length; i++) {
      sum = sum * BASE + (bytes[i] & 0xff);
    }
    return sum;
  }

  /** The sum of the window a byte further on. */
  long roll(long sum, byte out, byte in) {
    return sum * BASE + (in & 0xff) - (out & 0xff) * leaving;
  }
}
