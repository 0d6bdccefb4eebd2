package dev.slipway.bench.business;

import java.util.Arrays;

/**
 * Workers' slots and the builds that wait for them, first come first served: some are there all
 * day, some in a part of it, after which they take no more but end what they build.
 */
public final class Slots {
  private final double[] freeAt;
  private final int always;
  private final double opens;
  private final double closes;

  /** So many all day. */
  public Slots(int always) {
    this(always, 0, 0, 0);
  }

  /**
   * @param more that are there besides from one moment until another, in seconds
   */
  public Slots(int always, int more, double opens, double closes) {
    this.always = always;
    this.opens = opens;
    this.closes = closes;
    this.freeAt = new double[always + more];
    Arrays.fill(freeAt, always, freeAt.length, opens);
  }

  /**
   * Gives a build to the slot that is free first.
   *
   * @param at when the build comes; not before the one before
   * @param seconds that it takes
   * @return when it begins
   */
  public double take(double at, double seconds) {
    var best = 0;
    for (var slot = 1; slot < freeAt.length; slot++) {
      if (begin(slot, at) < begin(best, at)) {
        best = slot;
      }
    }
    var begins = begin(best, at);
    freeAt[best] = begins + seconds;
    return begins;
  }

  private double begin(int slot, double at) {
    var begins = Math.max(at, freeAt[slot]);
    var isThere = slot < always || (begins >= opens && begins < closes);
    return isThere ? begins : Double.POSITIVE_INFINITY;
  }
}
