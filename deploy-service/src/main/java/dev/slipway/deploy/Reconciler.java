package dev.slipway.deploy;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings deployments forward: looks at the wish, the targets and what machines report, and makes
 * one step. Each step is one transaction under the deployment's lock, so it may be killed at any
 * line and run on several instances.
 */
final class Reconciler {
  /** After this long a wave whose machines have not all answered has failed. */
  static final Duration WAVE_DEADLINE = Duration.ofMinutes(30);

  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  private final DeploymentStore deployments;
  private final TargetStore targets;
  private final FleetStore fleet;
  private final Deployer deployer;
  private final TransactionTemplate transaction;
  private final NoticeStore notices;

  Reconciler(
      DeploymentStore deployments,
      TargetStore targets,
      FleetStore fleet,
      Deployer deployer,
      TransactionTemplate transaction,
      NoticeStore notices) {
    this.deployments = deployments;
    this.targets = targets;
    this.fleet = fleet;
    this.deployer = deployer;
    this.transaction = transaction;
    this.notices = notices;
  }

  /** Makes a step of every deployment that can make one; says whether any did. */
  boolean runOnce() {
    var moved = false;
    for (var id : deployments.open()) {
      try {
        moved |=
            Boolean.TRUE.equals(
                transaction.execute(t -> deployments.lock(id).map(this::step).orElse(false)));
      } catch (RuntimeException e) {
        log.warn("Deployment {} could not make its step and will try again", id, e);
      }
    }
    if (moved) {
      notices.send(Channel.TARGET_CHANGED);
      notices.send(Channel.DEPLOYMENT_CHANGED);
    }
    return moved;
  }

  private boolean step(Deployment deployment) {
    return switch (deployment.status()) {
      case PENDING -> start(deployment);
      case ROLLING -> roll(deployment);
      case PAUSED, SUCCEEDED, FAILED, ABORTED, SUPERSEDED -> false;
    };
  }

  private boolean start(Deployment deployment) {
    var successor = deployments.successorOf(deployment);
    if (successor.isPresent()) {
      return deployments.move(
          deployment.id(),
          DeploymentStatus.SUPERSEDED,
          "superseded by deployment " + successor.get());
    }
    deployments.supersedeEarlier(deployment);
    deployments.move(deployment.id(), DeploymentStatus.ROLLING, null);
    startWave(deployment, 0);
    return true;
  }

  private boolean roll(Deployment deployment) {
    var progress =
        Progress.of(
            deployment, fleet.machinesOf(deployment.app()), targets.aimsOf(deployment.app()));
    var healthy = progress.isHealthy(deployment.plan().maxFailed());
    var baked = deployments.bakedSeconds(deployment.id(), healthy);
    if (progress.hasFailed(deployment.plan().maxFailed())) {
      fail(
          deployment,
          "%d of %d machines failed in wave %d"
              .formatted(progress.failed(), progress.total(), deployment.wave() + 1));
      return true;
    }
    if (healthy && baked >= deployment.step().bake().toSeconds()) {
      if (deployment.isLastWave()) {
        return deployments.move(deployment.id(), DeploymentStatus.SUCCEEDED, null);
      }
      startWave(deployment, deployment.wave() + 1);
      return true;
    }
    if (!healthy && deployments.waveSeconds(deployment.id()) > WAVE_DEADLINE.toSeconds()) {
      fail(
          deployment,
          "%d of %d machines were not done with wave %d after %d minutes"
              .formatted(
                  progress.total() - progress.healthy(),
                  progress.total(),
                  deployment.wave() + 1,
                  WAVE_DEADLINE.toMinutes()));
      return true;
    }
    return false;
  }

  private void startWave(Deployment deployment, int wave) {
    deployments.startWave(deployment.id(), wave);
    deployment
        .plan()
        .sharesAfter(wave)
        .forEach((region, share) -> targets.write(deployment, region, share));
  }

  private void fail(Deployment deployment, String reason) {
    deployments.move(deployment.id(), DeploymentStatus.FAILED, reason);
    log.warn("Deployment {} of {} failed: {}", deployment.id(), deployment.app(), reason);
    if (deployment.plan().rollback() && deployment.cause() != Cause.ROLLBACK) {
      deployer.rollBackFrom(deployment);
    }
  }
}
