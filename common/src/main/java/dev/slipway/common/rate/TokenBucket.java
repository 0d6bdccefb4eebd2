package dev.slipway.common.rate;

/**
 * Bounds a rate over all who draw: a draw is granted at once and tells how long to wait before the
 * next, so that nobody is passed over however small the draws of others are.
 */
public final class TokenBucket {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final long burstNanos;
  private long freeAt;

  /**
   * @param perSecond tokens
   * @param burstNanos for how long unused tokens are kept
   * @param now nanoseconds of a clock that only goes on
   */
  public TokenBucket(double perSecond, long burstNanos, long now) {
    this.perSecond = perSecond;
    this.burstNanos = burstNanos;
    this.freeAt = now - burstNanos;
  }

  /** Draws tokens; returns the nanoseconds to wait until they are there, 0 if they are. */
  public synchronized long draw(long tokens, long now) {
    freeAt = Math.max(freeAt, now - burstNanos) + (long) (tokens * NANOS / perSecond);
    return Math.max(0, freeAt - now);
  }

  /**
   * Draws one token if it is there, else none.
   *
   * @return the nanoseconds until there is one; 0 where it was drawn
   */
  public synchronized long drawIfThere(long now) {
    var from = Math.max(freeAt, now - burstNanos);
    var next = from + (long) (NANOS / perSecond);
    if (next > now) {
      return next - now;
    }
    freeAt = next;
    return 0;
  }
}
