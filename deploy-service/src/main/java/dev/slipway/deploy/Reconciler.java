package dev.slipway.deploy;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.trace.TraceParent;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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
  private final Endings endings;

  Reconciler(
      DeploymentStore deployments,
      Stepper stepper,
      Turns turns,
      NoticeStore notices,
      Endings endings) {
    this.deployments = deployments;
    this.stepper = stepper;
    this.turns = turns;
    this.notices = notices;
    this.endings = endings;
  }

  /** Makes a step of every deployment that can make one; says whether any did. */
  boolean runOnce() {
    var moved = false;
    for (var seen : deployments.movable()) {
      try (var _ = TraceParent.inLogs(seen.span())) {
        moved |= stepUnlessItFails(seen.deployment());
      }
    }
    if (moved) {
      notices.send(List.of(Channel.TARGET_CHANGED, Channel.DEPLOYMENT_CHANGED));
    }
    return moved;
  }

  private boolean stepUnlessItFails(Deployment seen) {
    try {
      return step(seen);
    } catch (RuntimeException e) {
      log.warn("Deployment {} could not make its step and will try again", seen.id(), e);
      return false;
    }
  }

  private boolean step(Deployment seen) {
    var become = new AtomicReference<@Nullable Deployment>();
    var moved = turns.tryNow(seen.app(), () -> stepOf(seen.id(), become));
    var after = become.get();
    if (after != null) {
      endings.count(after);
    }
    return moved;
  }

  /**
   * By what is there now that nobody else decides.
   *
   * @param become gets what the deployment is after a step, read while nobody else has the turn
   */
  private boolean stepOf(long id, AtomicReference<@Nullable Deployment> become) {
    var moved = deployments.find(id).map(stepper::step).orElse(false);
    if (moved) {
      become.set(deployments.find(id).orElseThrow());
    }
    return moved;
  }
}
