package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;

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

  /** The labels that whoever was told to run anything of the app has. */
  Labels labelsTold(AppName app) {
    return targets.labelsTold(app);
  }

  /** Goes on to a wave; those before it are in it. */
  void start(Deployment deployment, int wave) {
    deployments.startWave(deployment.id(), wave);
    deployment
        .plan()
        .reachAfter(wave)
        .forEach((region, shares) -> targets.write(deployment, region, shares));
  }
}
