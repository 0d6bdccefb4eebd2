package dev.slipway.deploy;

import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.FleetStore.MachineApp;
import dev.slipway.deploy.Progress.Standing;
import dev.slipway.deploy.TargetStore.Aim;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A deployment together with how far its machines are. */
public final class DeploymentView {
  private final TargetStore targets;
  private final FleetStore fleet;

  DeploymentView(TargetStore targets, FleetStore fleet) {
    this.targets = targets;
    this.fleet = fleet;
  }

  /**
   * What people see of a deployment.
   *
   * @param regions the same by region, of those that the waves so far cover
   * @param states what their machines are at, by region and then by {@link FleetMachine#state}
   * @param secondsLeft by the pace of the wave under way; none unless it rolls, and while no
   *     machine has got there yet
   * @param lacking the labels that the wave under way asks for and none of the machines that are
   *     counted has; none where one has, or it asks for none
   */
  public record Seen(
      Deployment deployment,
      Progress progress,
      SortedMap<String, Progress> regions,
      Map<String, ? extends Map<String, Long>> states,
      @Nullable Double secondsLeft,
      @Nullable Labels lacking) {}

  /** A machine that the waves so far cover and that does not run the build. */
  public record Straggler(Standing standing, MachineApp machine) {
    /** Since it is so: silent, or in the state that it told. */
    public double seconds() {
      return standing == Standing.UNKNOWN ? machine.silentSeconds() : machine.stateSeconds();
    }

    /** Why, in words; none while it is on its way and has said nothing of it. */
    public @Nullable String reason() {
      return switch (standing) {
        case FAILED -> machine.detail();
        case UNKNOWN -> "silent; it was last known to run " + words(machine.running());
        case PENDING -> onItsWay();
        case HEALTHY, NOT_COVERED -> null;
      };
    }

    private @Nullable String onItsWay() {
      var state = machine.state();
      if (state == AppState.DOWNLOADING) {
        return "downloading, %,d of %,d bytes%s"
            .formatted(
                machine.bytesDone(),
                machine.bytesTotal(),
                machine.detail() == null ? "" : ": " + machine.detail());
      }
      return state == AppState.ACTIVATING ? "starting" : "has not been heard on it yet";
    }

    private static String words(@Nullable Long build) {
      return build == null ? "nothing" : "build #" + build;
    }
  }

  /** A machine and what it counts as. */
  public record Counted(Standing standing, MachineApp machine) {}

  /** A deployment as a page shows it: all of it from one look at the fleet. */
  public record Look(Seen seen, List<Straggler> stragglers) {}

  /** All machines that are there for the app, by region and name, covered by a wave or not. */
  public List<Counted> machines(Deployment deployment) {
    var aims = targets.aimsOf(deployment.app());
    return fleet.machinesOf(deployment.app()).stream()
        .map(m -> new Counted(Standing.of(deployment, m, aims.get(m.region())), m))
        .toList();
  }

  /** Those who do not run the build yet: failed first, then unknown, then on their way. */
  public List<Straggler> stragglers(Deployment deployment) {
    return stragglers(
        deployment, fleet.machinesOf(deployment.app()), targets.aimsOf(deployment.app()));
  }

  private static List<Straggler> stragglers(
      Deployment deployment, List<MachineApp> machines, Map<RegionName, Aim> aims) {
    return machines.stream()
        .map(m -> new Straggler(Standing.of(deployment, m, aims.get(m.region())), m))
        .filter(s -> s.standing() != Standing.HEALTHY && s.standing() != Standing.NOT_COVERED)
        .sorted(
            Comparator.comparing(Straggler::standing)
                .thenComparing(straggler -> straggler.machine().region().value())
                .thenComparing(straggler -> straggler.machine().machine().value()))
        .toList();
  }

  /** Counts the machines as they are now, and lists those that are behind. */
  public Look look(Deployment deployment) {
    var machines = fleet.machinesOf(deployment.app());
    var aims = targets.aimsOf(deployment.app());
    return new Look(seen(deployment, machines, aims), stragglers(deployment, machines, aims));
  }

  /** Counts the machines as they are now. */
  public Seen of(Deployment deployment) {
    return of(deployment, Labels.NONE);
  }

  /** As {@link #of(Deployment)}, of the machines that have some labels alone. */
  public Seen of(Deployment deployment, Labels only) {
    var machines =
        fleet.machinesOf(deployment.app()).stream()
            .filter(machine -> machine.labels().cover(only))
            .toList();
    return seen(deployment, machines, targets.aimsOf(deployment.app()));
  }

  private Seen seen(Deployment deployment, List<MachineApp> machines, Map<RegionName, Aim> aims) {
    var regions = new TreeMap<String, Progress>();
    machines.stream()
        .collect(Collectors.groupingBy(machine -> machine.region().value()))
        .forEach((region, its) -> regions.put(region, Progress.of(deployment, its, aims)));
    regions.values().removeIf(progress -> progress.total() == 0);
    return new Seen(
        deployment,
        Progress.of(deployment, machines, aims),
        regions,
        states(deployment, machines),
        secondsLeft(deployment, machines, aims, regions),
        lacking(deployment, machines));
  }

  private static @Nullable Labels lacking(Deployment deployment, List<MachineApp> machines) {
    if (deployment.plan().steps().isEmpty()) {
      return null;
    }
    var wanted = deployment.plan().labelsOf(deployment.wave());
    return wanted.isNone()
            || machines.stream()
                .anyMatch(
                    m -> deployment.plan().concerns(deployment.wave(), m.region(), m.labels()))
        ? null
        : wanted;
  }

  private static Map<String, ? extends Map<String, Long>> states(
      Deployment deployment, List<MachineApp> machines) {
    return machines.stream()
        .filter(m -> deployment.plan().covers(deployment.wave(), deployment.app(), m))
        .collect(
            Collectors.groupingBy(
                m -> m.region().value(),
                TreeMap::new,
                Collectors.groupingBy(FleetMachine::stateOf, TreeMap::new, Collectors.counting())));
  }

  private @Nullable Double secondsLeft(
      Deployment deployment,
      List<MachineApp> machines,
      Map<RegionName, Aim> aims,
      Map<String, Progress> regions) {
    var begun = deployment.waveStartedAt();
    if (deployment.status() != DeploymentStatus.ROLLING || begun == null) {
      return null;
    }
    var pending = new HashMap<RegionName, Integer>();
    regions.forEach((region, progress) -> {
      if (progress.pending() > 0) {
        pending.put(new RegionName(region), progress.pending());
      }
    });
    var pace = Pace.of(deployment, machines, aims, fleet.secondsSince(begun));
    var healthy = deployment.waveHealthyAt();
    var baked =
        healthy == null
            ? Duration.ZERO
            : Duration.ofMillis((long) (fleet.secondsSince(healthy) * 1000));
    var left = pace.secondsLeft(deployment, machines, pending, baked);
    return left.isPresent() ? left.getAsDouble() : null;
  }
}
