package dev.slipway.deploy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one step of a deployment: looks at the wish, the targets and what machines report. Called
 * by who has the app's turn.
 */
final class Stepper {
  private static final Logger log = LoggerFactory.getLogger(Stepper.class);

  private final DeploymentStore deployments;
  private final Clearance clearance;
  private final Waves waves;
  private final Judge judge;
  private final Rollback rollback;

  Stepper(
      DeploymentStore deployments,
      Clearance clearance,
      Waves waves,
      Judge judge,
      Rollback rollback) {
    this.deployments = deployments;
    this.clearance = clearance;
    this.waves = waves;
    this.judge = judge;
    this.rollback = rollback;
  }

  /** Makes a step if there is one to make; says whether it did. */
  boolean step(Deployment deployment) {
    return switch (deployment.status()) {
      case PENDING -> begin(deployment);
      case ROLLING -> roll(deployment);
      case PAUSED, SUCCEEDED, FAILED, ABORTED, SUPERSEDED -> false;
    };
  }

  private boolean begin(Deployment deployment) {
    var newest = deployments.open(deployment.app()).getFirst();
    if (newest.id() != deployment.id()) {
      deployments.supersede(deployment.id(), newest);
      return true;
    }
    var hindrance = clearance.hindranceOf(deployment);
    if (hindrance.isPresent()) {
      deployments.explain(deployment, hindrance.get());
      return false;
    }
    waves.begin(deployment);
    return true;
  }

  private boolean roll(Deployment deployment) {
    if (deployment.promoted() == Deployment.Promotion.ALL && !deployment.isLastWave()) {
      waves.start(deployment, deployment.plan().steps().size() - 1);
      return true;
    }
    return switch (judge.judge(deployment)) {
      case Judge.Verdict.Go() -> goOn(deployment);
      case Judge.Verdict.Fail(var why) -> fail(deployment, why);
      case Judge.Verdict.Wait(var why) -> {
        deployments.explain(deployment, why);
        yield false;
      }
    };
  }

  private boolean goOn(Deployment deployment) {
    if (deployment.isLastWave()) {
      return deployments.move(deployment.id(), Move.SUCCEED, null);
    }
    deployments.explain(deployment, null);
    waves.start(deployment, deployment.wave() + 1);
    return true;
  }

  private boolean fail(Deployment deployment, String why) {
    log.warn("Deployment {} of {} failed: {}", deployment.id(), deployment.app(), why);
    deployments.move(deployment.id(), Move.FAIL, why);
    if (deployment.plan().rollback() && deployment.cause() != Cause.ROLLBACK) {
      rollback.after(deployment, why);
    }
    return true;
  }
}
