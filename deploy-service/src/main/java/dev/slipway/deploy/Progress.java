package dev.slipway.deploy;

import dev.slipway.common.machine.AppState;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.FleetStore.MachineApp;
import dev.slipway.deploy.TargetStore.Aim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far the machines of a deployment's waves are.
 *
 * @param healthy run the build
 * @param failed tried and went back
 * @param unknown have been silent for too long to be counted as anything else
 * @param pending are on their way
 */
public record Progress(int healthy, int failed, int unknown, int pending) {
  /** After this long a machine's last word counts no more. */
  public static final Duration SILENCE = Duration.ofSeconds(60);

  /** Counts the machines that must have the build once the current wave is done. */
  static Progress of(Deployment deployment, List<MachineApp> machines, Map<RegionName, Aim> aims) {
    int healthy = 0;
    int failed = 0;
    int unknown = 0;
    int pending = 0;
    for (var machine : machines) {
      switch (Standing.of(deployment, machine, aims.get(machine.region()))) {
        case HEALTHY -> healthy++;
        case FAILED -> failed++;
        case UNKNOWN -> unknown++;
        case PENDING -> pending++;
        case NOT_COVERED -> {}
      }
    }
    return new Progress(healthy, failed, unknown, pending);
  }

  /** What a machine counts as. */
  public enum Standing {
    HEALTHY,
    FAILED,
    UNKNOWN,
    PENDING,
    /** The deployment's waves so far leave it out, or its region is excluded by now. */
    NOT_COVERED;

    static Standing of(Deployment deployment, MachineApp machine, @Nullable Aim aim) {
      if (machine.excluded()
          || !deployment.plan().covers(deployment.wave(), deployment.app(), machine)) {
        return NOT_COVERED;
      }
      if (machine.isSilent()) {
        return UNKNOWN;
      }
      if (aim == null || machine.revision() < aim.revision() || machine.state() == null) {
        return PENDING;
      }
      if (machine.state() == AppState.RUNNING
          && Long.valueOf(deployment.build()).equals(machine.running())) {
        var most = deployment.plan().gate().maxRestarts();
        return most != null && machine.restarts() > most ? FAILED : HEALTHY;
      }
      return machine.state() == AppState.FAILED ? FAILED : PENDING;
    }
  }

  public int total() {
    return healthy + failed + unknown + pending;
  }

  /** Whether more machines failed than may. */
  boolean hasFailed(int maxFailedPercent) {
    return failed > allowed(maxFailedPercent);
  }

  /**
   * Whether enough machines run the build: the share that the plan asks for, or else all but those
   * that may be failed or unknown.
   */
  public boolean isHealthy(Plan plan) {
    var least = plan.gate().minHealthy();
    if (least != null) {
      return !hasFailed(plan.maxFailed()) && healthy * 100L >= total() * (long) least;
    }
    return pending == 0 && failed + unknown <= allowed(plan.maxFailed());
  }

  /** How many machines that share is, rounded down. */
  public int allowed(int maxFailedPercent) {
    return total() * maxFailedPercent / 100;
  }
}
