package dev.slipway.common.swarm;

/** How fast a counter of bytes grows, from one look at it to the next. Used by one thread. */
final class SentRate {
  private static final double NANOS_A_SECOND = 1e9;

  private long bytes;
  private long nanos;
  private long rate;

  /** Starts with no bytes. */
  SentRate(long at) {
    this.nanos = at;
  }

  /**
   * Looks again.
   *
   * @param now bytes in all
   * @param at by a monotonic clock
   * @return since the last look; what it was then when no time has passed
   */
  long bytesPerSecond(long now, long at) {
    if (at - nanos > 0) {
      rate = (long) ((now - bytes) * NANOS_A_SECOND / (at - nanos));
    }
    bytes = now;
    nanos = at;
    return rate;
  }
}
