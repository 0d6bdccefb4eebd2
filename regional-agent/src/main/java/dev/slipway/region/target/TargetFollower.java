package dev.slipway.region.target;

import dev.slipway.common.loop.Loop;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.TargetApi;
import dev.slipway.region.Upstream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Follows the centre's targets by long-polls. At first, and then each {@link #RENEWAL}, it asks for
 * all of them: they come signed anew, so that what this agent holds is good for long when the
 * centre goes.
 */
public final class TargetFollower implements Loop.Pass {
  /** Far below the shortest validity of a signature. */
  static final Duration RENEWAL = Duration.ofMinutes(20);

  private final TargetApi centre;
  private final RegionName region;
  private final TargetCache cache;
  private final Upstream upstream;
  private final LongSupplier nanos;
  private boolean hasAll;
  private long allNanos;

  /**
   * @param nanos a clock for durations, as {@link System#nanoTime}
   */
  public TargetFollower(
      TargetApi centre,
      RegionName region,
      TargetCache cache,
      Upstream upstream,
      LongSupplier nanos) {
    this.centre = centre;
    this.region = region;
    this.cache = cache;
    this.upstream = upstream;
    this.nanos = nanos;
  }

  @Override
  public boolean runOnce() throws InterruptedException {
    var asked = nanos.getAsLong();
    if (!hasAll || asked - allNanos >= RENEWAL.toNanos()) {
      if (upstream.call(() -> cache.accept(centre.targets(region, 0, 0)))) {
        hasAll = true;
        allNanos = asked;
      }
      return true;
    }
    var before = cache.snapshot().revision();
    var answered =
        upstream.call(() -> cache.accept(centre.targets(region, before, TargetApi.LONGEST_WAIT)));
    // a centre that does not wait must not be asked in a tight circle
    return !answered
        || cache.snapshot().revision() > before
        || nanos.getAsLong() - asked > TimeUnit.SECONDS.toNanos(1);
  }
}
