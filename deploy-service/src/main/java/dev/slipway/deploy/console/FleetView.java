package dev.slipway.deploy.console;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.region.Region;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.region.RegionRepository;
import dev.slipway.deploy.FleetMachine;
import dev.slipway.deploy.FleetStore;
import dev.slipway.deploy.FleetStore.MachineApp;
import dev.slipway.deploy.TargetStore;
import dev.slipway.deploy.TargetStore.Aim;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An app's machines, region by region, those that need a look first. */
final class FleetView {
  /** The most machines that a page shows of a region. */
  static final int MOST = 60;

  private final RegionRepository regions;
  private final FleetStore fleet;
  private final TargetStore targets;

  FleetView(RegionRepository regions, FleetStore fleet, TargetStore targets) {
    this.regions = regions;
    this.fleet = fleet;
    this.targets = targets;
  }

  /**
   * A machine.
   *
   * @param state UNKNOWN when it is silent, WAITING when it has said nothing of the app
   */
  public record Machine(MachineApp app, String state) {
    static Machine of(MachineApp app) {
      return new Machine(app, FleetMachine.stateOf(app));
    }

    /** Whether it is where its region's target wants it, as far as it knows itself. */
    boolean isSettled() {
      return app.state() == AppState.RUNNING && !app.isSilent();
    }
  }

  /**
   * A region.
   *
   * @param target the build that its machines are to run; none while there is none
   * @param running how many run just that
   * @param machines at most {@value #MOST}
   */
  public record RegionFleet(
      String name,
      boolean wanted,
      @Nullable Long target,
      int running,
      int total,
      List<Machine> machines) {
    public int unseen() {
      return total - machines.size();
    }
  }

  List<RegionFleet> of(AppName app) {
    var aims = targets.aimsOf(app);
    var machines =
        fleet.machinesOf(app).stream()
            .map(Machine::of)
            .collect(Collectors.groupingBy(m -> m.app().region().value()));
    return regions.findAllByOrderByName().stream()
        .map(region -> regionOf(region, machines.getOrDefault(region.name(), List.of()), aims))
        .toList();
  }

  private static RegionFleet regionOf(
      Region region, List<Machine> machines, Map<RegionName, Aim> aims) {
    var aim = aims.get(new RegionName(region.name()));
    var target = aim == null ? null : aim.build();
    var running =
        machines.stream()
            .filter(m -> m.isSettled() && target != null && target.equals(m.app().running()))
            .count();
    return new RegionFleet(
        region.name(),
        region.wanted(),
        target,
        Math.toIntExact(running),
        machines.size(),
        shown(machines));
  }

  /** Where not all fit, those that are settled give way; the order on the page stays by name. */
  private static List<Machine> shown(List<Machine> machines) {
    if (machines.size() <= MOST) {
      return machines;
    }
    return machines.stream()
        .sorted(Comparator.comparing(Machine::isSettled))
        .limit(MOST)
        .sorted(Comparator.comparing(m -> m.app().machine().value()))
        .toList();
  }

  /** Every build that somewhere runs or is to run. */
  static Set<Long> buildsIn(List<RegionFleet> fleet) {
    var builds = new LinkedHashSet<Long>();
    for (var region : fleet) {
      if (region.target() != null) {
        builds.add(region.target());
      }
      for (var machine : region.machines()) {
        var running = machine.app().running();
        if (running != null) {
          builds.add(running);
        }
        var wanted = machine.app().build();
        if (wanted != null) {
          builds.add(wanted);
        }
      }
    }
    return builds;
  }
}
