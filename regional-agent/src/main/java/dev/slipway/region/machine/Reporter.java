package dev.slipway.region.machine;

import dev.slipway.common.loop.Loop;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import dev.slipway.common.target.TargetApi;
import dev.slipway.region.Upstream;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the centre what machines say: changes at once, and every machine that was heard of each
 * {@link #EVERYONE}. What does not arrive stays in the fleet and goes with the next try.
 */
public final class Reporter implements Loop.Pass {
  /** How often the centre hears of a machine that says nothing new. */
  public static final Duration EVERYONE = Duration.ofSeconds(10);

  /** Lets the machines that change together travel together. */
  private static final Duration TOGETHER = Duration.ofMillis(50);

  private static final int BAD_REQUEST = 400;
  private static final Logger log = LoggerFactory.getLogger(Reporter.class);

  private final Fleet fleet;
  private final TargetApi centre;
  private final RegionName region;
  private final Upstream upstream;
  private long everyoneNanos = System.nanoTime();

  public Reporter(Fleet fleet, TargetApi centre, RegionName region, Upstream upstream) {
    this.fleet = fleet;
    this.centre = centre;
    this.region = region;
    this.upstream = upstream;
  }

  @Override
  public boolean runOnce() throws InterruptedException {
    var seen = fleet.changes().count();
    if (fleet.hasChanged()) {
      Thread.sleep(TOGETHER);
      send(fleet.takeChanged());
      return true;
    }
    var left = everyoneNanos + EVERYONE.toNanos() - System.nanoTime();
    if (left > 0) {
      fleet.changes().awaitAbove(seen, Duration.ofNanos(left));
      return true;
    }
    var heard = fleet.takeHeard();
    if (heard.size() < FleetReport.MOST) {
      everyoneNanos = System.nanoTime();
    }
    send(heard);
    return true;
  }

  private void send(List<MachineReport> machines) throws InterruptedException {
    if (machines.isEmpty()) {
      return;
    }
    var arrived = false;
    try {
      arrived = upstream.call(() -> report(machines));
    } finally {
      if (!arrived) {
        fleet.putBack(machines);
      }
    }
  }

  private void report(List<MachineReport> machines) {
    try {
      centre.report(region, new FleetReport(machines));
    } catch (Problem problem) {
      if (problem.status() != BAD_REQUEST) {
        throw problem;
      }
      // it would be refused for ever, and hold up all others
      log.error("The centre refuses a report of {} machines", machines.size(), problem);
    }
  }
}
