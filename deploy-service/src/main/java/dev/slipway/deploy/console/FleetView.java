package dev.slipway.deploy.console;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.region.Region;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.region.RegionRepository;
import dev.slipway.deploy.FleetMachine;
import dev.slipway.deploy.FleetStore;
import dev.slipway.deploy.FleetStore.MachineApp;
import dev.slipway.deploy.Progress;
import dev.slipway.deploy.TargetStore;
import dev.slipway.deploy.TargetStore.Aim;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An app's machines, region by region. */
final class FleetView {
  /** A region with more machines than this shows those alone that need a look, as many of them. */
  static final int MOST = 12;

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

    boolean needsALook() {
      return app.isSilent() || app.state() == AppState.FAILED;
    }

    /** Whether it is where its region's target wants it. */
    boolean runs(@Nullable Long target) {
      return target != null
          && app.state() == AppState.RUNNING
          && !app.isSilent()
          && target.equals(app.running());
    }
  }

  /**
   * A region.
   *
   * @param target the build that its machines are to run; none while there is none
   * @param progress how many run it
   * @param runs how many run which build
   * @param machines at most {@value #MOST}
   */
  public record RegionFleet(
      String name,
      boolean wanted,
      @Nullable Long target,
      Progress progress,
      Map<Long, Integer> runs,
      List<Machine> machines) {
    public int unseen() {
      return progress.total() - machines.size();
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
    var shown =
        machines.size() <= MOST
            ? machines
            : machines.stream().filter(Machine::needsALook).limit(MOST).toList();
    return new RegionFleet(
        region.name(), region.wanted(), target, progress(machines, target), runs(machines), shown);
  }

  private static Progress progress(List<Machine> machines, @Nullable Long target) {
    var there = (int) machines.stream().filter(m -> m.runs(target)).count();
    var failed = (int) machines.stream().filter(m -> m.state().equals("FAILED")).count();
    var silent = (int) machines.stream().filter(m -> m.app().isSilent()).count();
    return new Progress(there, failed, silent, machines.size() - there - failed - silent);
  }

  private static Map<Long, Integer> runs(List<Machine> machines) {
    var runs = new HashMap<Long, Integer>();
    for (var machine : machines) {
      var running = machine.app().running();
      if (running != null && !machine.app().isSilent()) {
        runs.merge(running, 1, Integer::sum);
      }
    }
    return runs;
  }

  /** Every build that somewhere runs or is to run, as far as the page shows it. */
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
      }
    }
    return builds;
  }
}
