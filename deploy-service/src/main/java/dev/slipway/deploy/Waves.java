package dev.slipway.deploy;

/** Writes the targets of deployments, wave by wave. Called by who has the app's turn. */
final class Waves {
  private final DeploymentStore deployments;
  private final TargetStore targets;

  Waves(DeploymentStore deployments, TargetStore targets) {
    this.deployments = deployments;
    this.targets = targets;
  }

  /** Begins a pending deployment, which takes the place of all before it. */
  void begin(Deployment deployment) {
    deployments.supersedeEarlier(deployment);
    deployments.move(deployment.id(), Move.START, null);
    start(deployment, 0);
  }

  /** Goes on to a wave; those before it are in it. */
  void start(Deployment deployment, int wave) {
    deployments.startWave(deployment.id(), wave);
    deployment
        .plan()
        .sharesAfter(wave)
        .forEach((region, share) -> targets.write(deployment, region, share));
  }
}
