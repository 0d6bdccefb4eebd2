package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys builds that ask for it, in commit order: only ever forward, one deployment of an app at a
 * time, and only when every earlier build has ended, or was waited for as long as the build's
 * recipe says.
 */
public final class AutoDeploy {
  private static final Logger log = LoggerFactory.getLogger(AutoDeploy.class);

  private final AppStore apps;
  private final Deployer deployer;
  private final Clearance clearance;
  private final Turns turns;
  private final NoticeStore notices;

  AutoDeploy(
      AppStore apps, Deployer deployer, Clearance clearance, Turns turns, NoticeStore notices) {
    this.apps = apps;
    this.deployer = deployer;
    this.clearance = clearance;
    this.turns = turns;
    this.notices = notices;
  }

  /** A build that auto-deploy would take, and what it waits for. */
  public record Held(long build, String reason) {}

  /** Makes the deployments that are due; says whether there were any. */
  boolean runOnce() {
    var made = false;
    for (var app : apps.ready()) {
      try {
        made |= turns.tryNow(app, () -> deployNext(app));
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
    apps.lock(app);
    if (clearance.hindranceOf(app).isPresent()) {
      return false;
    }
    var line = Line.of(apps.waiting(app));
    return line.chosen() != null && line.blocker() == null && deployer.deploy(line);
  }

  /** The app's next build, when it is ready and waits all the same. */
  public Optional<Held> held(AppName app) {
    var line = Line.of(apps.waiting(app));
    var chosen = line.chosen();
    return chosen == null
        ? Optional.empty()
        : clearance.hindranceOf(app).or(line::reason).map(why -> new Held(chosen.id(), why));
  }
}
