package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.freeze.Freeze;
import dev.slipway.deploy.freeze.FreezeStore;
import java.util.Optional;

/** What is in the way of deployments that have not begun. */
final class Clearance {
  private final AppStore apps;
  private final DeploymentStore deployments;
  private final FreezeStore freezes;

  Clearance(AppStore apps, DeploymentStore deployments, FreezeStore freezes) {
    this.apps = apps;
    this.deployments = deployments;
    this.freezes = freezes;
  }

  /** What a pending deployment waits for. */
  Optional<String> hindranceOf(Deployment pending) {
    if (pending.cause() == Cause.ROLLBACK) {
      return Optional.empty();
    }
    if (pending.approvedBy() == null && apps.needsApproval(pending.app())) {
      return Optional.of(
          "waiting for the approval of somebody other than " + pending.requestedBy());
    }
    return pending.freezeOverride() == null ? freeze(pending.app()) : Optional.empty();
  }

  /** Why auto-deploy takes none of an app's builds now. */
  Optional<String> hindranceOf(AppName app) {
    return apps.pinnedBy(app)
        .map(by -> "pinned by " + by)
        .or(() ->
            deployments.open(app).stream()
                .findFirst()
                .map(d -> "waiting for deployment " + d.id() + ", which is " + d.status()))
        .or(() -> freeze(app));
  }

  private Optional<String> freeze(AppName app) {
    return freezes.on(app).map(Freeze::inWords).map(freeze -> "waiting for the end of " + freeze);
  }

  /** Refuses while a freeze is on. */
  void mustNotBeFrozen(AppName app) {
    freezes
        .on(app)
        .ifPresent(freeze -> {
          throw Problem.conflict(
              "frozen",
              freeze.inWords() + " is on; give an override with its reason to deploy all the same");
        });
  }
}
