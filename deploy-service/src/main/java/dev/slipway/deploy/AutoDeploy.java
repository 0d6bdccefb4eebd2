package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.deploy.AppStore.Build;
import dev.slipway.deploy.AppStore.Waiting;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deploys builds that ask for it, in commit order: only ever forward, only when every earlier build
 * has ended, one deployment of an app at a time. It decides under the app's lock, so several
 * instances do not deploy a build twice or out of order.
 */
final class AutoDeploy {
  private static final String NAME = "auto-deploy";
  private static final Logger log = LoggerFactory.getLogger(AutoDeploy.class);

  private final AppStore apps;
  private final Deployer deployer;
  private final TransactionTemplate transaction;
  private final NoticeStore notices;

  AutoDeploy(
      AppStore apps, Deployer deployer, TransactionTemplate transaction, NoticeStore notices) {
    this.apps = apps;
    this.deployer = deployer;
    this.transaction = transaction;
    this.notices = notices;
  }

  /** Makes the deployments that are due; says whether there were any. */
  boolean runOnce() {
    var made = false;
    for (var app : apps.unpinned()) {
      try {
        made |= Boolean.TRUE.equals(transaction.execute(t -> deployNext(app)));
      } catch (RuntimeException e) {
        log.warn("Auto-deploy of {} failed and will try again", app, e);
      }
    }
    if (made) {
      notices.send(Channel.DEPLOYMENT_CHANGED);
    }
    return made;
  }

  private boolean deployNext(AppName app) {
    if (!apps.lock(app) || apps.isBusy(app)) {
      return false;
    }
    var ready = readyInOrder(apps.waiting(app));
    if (ready.isEmpty()) {
      return false;
    }
    var chosen =
        ready.getLast().recipe().order() == Order.LATEST ? ready.getLast() : ready.getFirst();
    for (var skipped : ready) {
      if (skipped.seq() < chosen.seq()) {
        apps.recordEnded(
            skipped, DeploymentStatus.SUPERSEDED, "superseded by build #" + chosen.id(), Plan.NONE);
      }
    }
    try {
      return deployer.deploy(chosen, Cause.AUTO, NAME).isPresent();
    } catch (InvalidInput unplannable) {
      // the builds after it must not wait for what will never be
      apps.recordEnded(
          chosen, DeploymentStatus.FAILED, String.valueOf(unplannable.getMessage()), Plan.NONE);
      return true;
    }
  }

  /** The builds that are ready, up to the first one that has still to be waited for. */
  private static List<Build> readyInOrder(List<Waiting> line) {
    return line.stream()
        .takeWhile(next -> next.ended() && next.build().replicated())
        .map(Waiting::build)
        .toList();
  }
}
