package dev.slipway.region.target;

import dev.slipway.common.loop.Loop;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.TargetApi;
import dev.slipway.region.Upstream;
import java.util.concurrent.TimeUnit;

/** Follows the centre's targets by long-polls. */
public final class TargetFollower implements Loop.Pass {
  private final TargetApi centre;
  private final RegionName region;
  private final TargetCache cache;
  private final Upstream upstream;

  public TargetFollower(TargetApi centre, RegionName region, TargetCache cache, Upstream upstream) {
    this.centre = centre;
    this.region = region;
    this.cache = cache;
    this.upstream = upstream;
  }

  @Override
  public boolean runOnce() throws InterruptedException {
    var asked = System.nanoTime();
    var before = cache.snapshot().revision();
    var answered =
        upstream.call(() -> cache.accept(centre.targets(region, before, TargetApi.LONGEST_WAIT)));
    // a centre that does not wait must not be asked in a tight circle
    return !answered
        || cache.snapshot().revision() > before
        || System.nanoTime() - asked > TimeUnit.SECONDS.toNanos(1);
  }
}
