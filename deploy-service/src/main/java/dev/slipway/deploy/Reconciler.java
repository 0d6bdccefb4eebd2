package dev.slipway.deploy;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deployments forward, step by step. Each step is one transaction that has the app's turn,
 * so it may be killed at any line and run on several instances.
 */
final class Reconciler {
  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

  private final DeploymentStore deployments;
  private final Stepper stepper;
  private final Turns turns;
  private final NoticeStore notices;

  Reconciler(DeploymentStore deployments, Stepper stepper, Turns turns, NoticeStore notices) {
    this.deployments = deployments;
    this.stepper = stepper;
    this.turns = turns;
    this.notices = notices;
  }

  /** Makes a step of every deployment that can make one; says whether any did. */
  boolean runOnce() {
    var moved = false;
    for (var seen : deployments.movable()) {
      try {
        moved |= turns.tryNow(seen.app(), () -> stepOf(seen.id()));
      } catch (RuntimeException e) {
        log.warn("Deployment {} could not make its step and will try again", seen.id(), e);
      }
    }
    if (moved) {
      notices.send(List.of(Channel.TARGET_CHANGED, Channel.DEPLOYMENT_CHANGED));
    }
    return moved;
  }

  /** By what is there now that nobody else decides. */
  private boolean stepOf(long id) {
    return deployments.find(id).map(stepper::step).orElse(false);
  }
}
