package dev.slipway.bench.day;

import dev.slipway.bench.Samples;
import dev.slipway.bench.business.Slots;

/**
 * What a day's lead times should be by computation alone, where no worker and no region is lost.
 */
public final class Expected {
  private static final double HOUR = 3_600;
  private static final double MINUTE = 60;

  /** What the last of the simulated machines takes to say that it downloads, activates and runs. */
  private static final double OBEY_SECONDS = 4;

  private Expected() {}

  /**
   * The lead times of all pushes, in minutes.
   *
   * @param pushes of the day that was measured, which tells its scale
   * @param overheadSeconds what Slipway adds to a build
   */
  public static Samples minutes(long pushes, double overheadSeconds) {
    var scale = Scale.of(pushes);
    var slots =
        new Slots(
            scale.workers() * scale.slotsEach(),
            scale.more() * scale.slotsEach(),
            scale.opens() * HOUR,
            scale.closes() * HOUR);
    var deployed = new double[scale.apps()];
    var leads = new Samples();
    for (var push : new Schedule(scale).pushes()) {
      var built = slots.take(push.at(), push.takes()) + push.takes();
      var begins = Math.max(built + overheadSeconds, deployed[push.app()]);
      deployed[push.app()] = begins + OBEY_SECONDS;
      leads.add((deployed[push.app()] - push.at()) / MINUTE);
    }
    return leads;
  }
}
