package dev.slipway.deploy;

import dev.slipway.deploy.FleetStore.MachineApp;
import dev.slipway.deploy.Progress.Standing;
import java.util.Comparator;
import java.util.List;

/** A deployment together with how far its machines are. */
public final class DeploymentView {
  private final TargetStore targets;
  private final FleetStore fleet;

  DeploymentView(TargetStore targets, FleetStore fleet) {
    this.targets = targets;
    this.fleet = fleet;
  }

  /** What people see of a deployment. */
  public record Seen(Deployment deployment, Progress progress) {}

  /** A machine that the waves so far cover and that does not run the build. */
  public record Straggler(Standing standing, MachineApp machine) {}

  /** Those who do not run the build yet: failed first, then unknown, then on their way. */
  public List<Straggler> stragglers(Deployment deployment) {
    var aims = targets.aimsOf(deployment.app());
    return fleet.machinesOf(deployment.app()).stream()
        .map(m -> new Straggler(Standing.of(deployment, m, aims.get(m.region())), m))
        .filter(s -> s.standing() != Standing.HEALTHY && s.standing() != Standing.NOT_COVERED)
        .sorted(Comparator.comparing(Straggler::standing))
        .toList();
  }

  /** Counts the machines as they are now. */
  public Seen of(Deployment deployment) {
    return new Seen(
        deployment,
        Progress.of(
            deployment, fleet.machinesOf(deployment.app()), targets.aimsOf(deployment.app())));
  }
}
