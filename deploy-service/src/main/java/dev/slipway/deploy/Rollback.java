package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.AppStore.Build;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fast lane back: in the one transaction of the call the targets of all regions are written,
 * whatever was under way is superseded, and the app is pinned, so that auto-deploy stays off it
 * until somebody resumes it. Freezes and approvals do not stand in its way.
 */
public final class Rollback {
  private final DeploymentStore deployments;
  private final AppStore apps;
  private final Waves waves;
  private final AuditStore audit;
  private final Turns turns;

  Rollback(DeploymentStore deployments, AppStore apps, Waves waves, AuditStore audit, Turns turns) {
    this.deployments = deployments;
    this.apps = apps;
    this.waves = waves;
    this.audit = audit;
    this.turns = turns;
  }

  /**
   * Goes back.
   *
   * @param build where to; none for {@link #wayBack}
   * @param inWaves by the waves of that build's recipe, and not at once
   * @throws Problem when there is no way to that build, or one is being gone already
   */
  public Deployment to(AppName app, @Nullable Long build, boolean inWaves, String by) {
    return turns.await(
        app,
        () -> {
          apps.lock(app);
          refuseASecond(app, build);
          return go(earlier(app, build), inWaves, by);
        });
  }

  /**
   * Where an app goes back to without a wish: the last build that was deployed well before what it
   * was told to run, which machines still have on their disks; none where there is none.
   */
  public Optional<Long> wayBack(AppName app) {
    return deployments.wayBack(app);
  }

  /** Goes back because a deployment failed; where there is no way back the failure says so. */
  void after(Deployment failed, String why) {
    apps.lock(failed.app());
    wayBack(failed.app())
        .flatMap(id -> apps.build(failed.app(), id))
        .filter(Build::isDeployable)
        .ifPresentOrElse(
            build -> go(build, false, "deployment " + failed.id()),
            () -> deployments.explain(failed, why + "; there is no build to go back to by itself"));
  }

  /** Two people who press at once go back once. */
  private void refuseASecond(AppName app, @Nullable Long build) {
    deployments.open(app).stream()
        .filter(d -> d.cause() == Cause.ROLLBACK && (build == null || build == d.build()))
        .findFirst()
        .ifPresent(d -> {
          throw Problem.conflict(
              "already-rolling-back",
              "deployment %d of %s is %s and goes back to build #%d"
                  .formatted(d.id(), d.requestedBy(), d.status(), d.build()));
        });
  }

  private Build earlier(AppName app, @Nullable Long wish) {
    var told =
        apps.newestTold(app)
            .orElseThrow(() ->
                Problem.conflict("nothing-to-roll-back", app + " was not deployed anywhere yet"));
    var id = wish != null ? wish : wayBack(app).orElseThrow(() -> nowhere(app));
    var build =
        apps.build(app, id).orElseThrow(() -> Problem.notFound("build #" + id + " of " + app));
    build.mustBeDeployable();
    if (build.seq() >= told.seq()) {
      throw Problem.conflict(
          "not-earlier",
          "build #%d does not come before build #%d, which machines were told to run; deploy it instead"
              .formatted(id, told.id()));
    }
    return build;
  }

  private static Problem nowhere(AppName app) {
    return Problem.conflict(
        "nothing-to-roll-back-to", app + " has no earlier build that was deployed well");
  }

  private Deployment go(Build build, boolean inWaves, String by) {
    var app = build.app();
    apps.pin(app, by);
    var plan =
        inWaves ? Plan.of(build.recipe(), apps.regions()) : Plan.atOnce(apps.regionsTold(app));
    // whoever was told to run what is gone back from, whichever machines that build was for
    var among = plan.among(waves.labelsTold(app));
    var made = deployments.create(app, build.id(), Cause.ROLLBACK, by, among, null).orElseThrow();
    waves.begin(made);
    audit.record(
        by,
        "rollback",
        "app " + app,
        "ROLLING",
        "to build " + build.id() + " by deployment " + made.id());
    return deployments.find(made.id()).orElseThrow();
  }
}
