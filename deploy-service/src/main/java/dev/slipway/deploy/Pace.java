package dev.slipway.deploy;

import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.FleetStore.MachineApp;
import dev.slipway.deploy.Progress.Standing;
import dev.slipway.deploy.TargetStore.Aim;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How fast the machines of a deployment's wave have come to run the build so far, by region.
 *
 * @param perSecond machines; regions in which none has got there yet are not in it
 */
record Pace(Map<RegionName, Double> perSecond) {
  /**
   * As seen since the wave began.
   *
   * @param seconds since then
   */
  static Pace of(
      Deployment deployment, List<MachineApp> machines, Map<RegionName, Aim> aims, double seconds) {
    var done = new HashMap<RegionName, Double>();
    for (var machine : machines) {
      var standing = Standing.of(deployment, machine, aims.get(machine.region()));
      if (standing == Standing.HEALTHY && machine.stateSeconds() <= seconds) {
        done.merge(machine.region(), 1.0, Double::sum);
      }
    }
    done.replaceAll((region, count) -> count / Math.max(1, seconds));
    return new Pace(done);
  }

  /**
   * How long some machines take, the regions at the same time. A region that has shown no pace yet
   * is taken to be as fast as the slowest that has.
   *
   * @return empty while nothing is known of any
   */
  OptionalDouble secondsFor(Map<RegionName, Integer> machines) {
    if (machines.isEmpty()) {
      return OptionalDouble.of(0);
    }
    var slowest = perSecond.values().stream().mapToDouble(Double::doubleValue).min();
    if (slowest.isEmpty()) {
      return OptionalDouble.empty();
    }
    return machines.entrySet().stream()
        .mapToDouble(region ->
            region.getValue() / perSecond.getOrDefault(region.getKey(), slowest.getAsDouble()))
        .max();
  }

  /**
   * How long the deployment goes on: the machines that are on their way, then wave for wave those
   * that are yet to come, and what is left of each bake.
   *
   * @param pending machines of the wave under way that are not there yet
   * @param baked how long that wave has been well
   * @return empty while no machine has got there yet
   */
  OptionalDouble secondsLeft(
      Deployment deployment,
      List<MachineApp> machines,
      Map<RegionName, Integer> pending,
      Duration baked) {
    var bake = deployment.step().bake();
    var left = seconds(bake.compareTo(baked) > 0 ? bake.minus(baked) : Duration.ZERO);
    var now = secondsFor(pending);
    if (now.isEmpty()) {
      return now;
    }
    left += now.getAsDouble();
    var steps = deployment.plan().steps();
    for (var wave = deployment.wave() + 1; wave < steps.size(); wave++) {
      var next = secondsFor(comingWith(deployment, machines, wave));
      if (next.isEmpty()) {
        return next;
      }
      left += next.getAsDouble() + seconds(steps.get(wave).bake());
    }
    return OptionalDouble.of(left);
  }

  /** The machines that a wave covers and the one before did not. */
  private static Map<RegionName, Integer> comingWith(
      Deployment deployment, List<MachineApp> machines, int wave) {
    var plan = deployment.plan();
    var coming = new HashMap<RegionName, Integer>();
    for (var m : machines) {
      if (!m.isSilent()
          && plan.covers(wave, deployment.app(), m)
          && !plan.covers(wave - 1, deployment.app(), m)) {
        coming.merge(m.region(), 1, Integer::sum);
      }
    }
    return coming;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
