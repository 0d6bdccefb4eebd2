package dev.slipway.deploy;

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

  /** Counts the machines as they are now. */
  public Seen of(Deployment deployment) {
    return new Seen(
        deployment,
        Progress.of(
            deployment, fleet.machinesOf(deployment.app()), targets.aimsOf(deployment.app())));
  }
}
