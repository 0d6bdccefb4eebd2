package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.AppStore.Build;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes deployments: checks that a build may be deployed, and fixes the plan. */
public final class Deployer {
  private static final String AUTO = "auto-deploy";

  private final DeploymentStore deployments;
  private final AppStore apps;
  private final Clearance clearance;
  private final AuditStore audit;
  private final Turns turns;

  Deployer(
      DeploymentStore deployments,
      AppStore apps,
      Clearance clearance,
      AuditStore audit,
      Turns turns) {
    this.deployments = deployments;
    this.apps = apps;
    this.clearance = clearance;
    this.audit = audit;
    this.turns = turns;
  }

  /** As {@link #deploy(AppName, long, String, String)}, unless a freeze is on. */
  public Deployment deploy(AppName app, long build, String by) {
    return deploy(app, build, by, null);
  }

  /**
   * Presses the button: deploys a build by its recipe's plan.
   *
   * @param override why it must be in spite of a freeze
   * @throws Problem when the build cannot be deployed, is older than what is, or is on its way
   *     already
   */
  public Deployment deploy(AppName app, long build, String by, @Nullable String override) {
    return turns.await(
        app,
        () -> {
          // a build that is found deployable stays so until its deployment is there
          apps.lock(app);
          var wanted =
              apps.build(app, build)
                  .orElseThrow(() -> Problem.notFound("build #" + build + " of " + app));
          wanted.mustBeDeployable();
          mustBeForward(wanted);
          if (override == null) {
            clearance.mustNotBeFrozen(app);
          }
          var made =
              deployments
                  .create(app, build, Cause.PERSON, by, planOf(wanted), override)
                  .orElseThrow();
          record(made, override == null ? "" : "; overrides freezes: " + override);
          return made;
        });
  }

  /** Two people who press at once deploy once, and the older build does not win by being later. */
  private void mustBeForward(Build wanted) {
    for (var open : deployments.open(wanted.app())) {
      if (open.build() == wanted.id()) {
        throw Problem.conflict(
            "already-deploying",
            "deployment %d of %s is %s with build #%d"
                .formatted(open.id(), open.requestedBy(), open.status(), open.build()));
      }
      apps.build(wanted.app(), open.build()).ifPresent(b -> mustNotBeOlder(wanted, b));
    }
    apps.newestTold(wanted.app()).ifPresent(told -> mustNotBeOlder(wanted, told));
  }

  private static void mustNotBeOlder(Build wanted, Build other) {
    if (wanted.seq() < other.seq()) {
      throw Problem.conflict(
          "older",
          "build #%d comes before build #%d, which is deployed; to go back, roll back"
              .formatted(wanted.id(), other.id()));
    }
  }

  /**
   * Deploys what the line says, and notes what it leaves behind. Called by who has the app's turn.
   *
   * @return whether anything came of it; a build is auto-deployed at most once
   */
  boolean deploy(Line line) {
    var chosen = Objects.requireNonNull(line.chosen());
    Plan plan;
    try {
      plan = planOf(chosen);
    } catch (InvalidInput unplannable) {
      // the builds after it must not wait for what will never be
      apps.recordEnded(
          chosen, DeploymentStatus.FAILED, String.valueOf(unplannable.getMessage()), null);
      return true;
    }
    var made = deployments.create(chosen.app(), chosen.id(), Cause.AUTO, AUTO, plan, null);
    made.ifPresent(deployment -> {
      record(deployment, "");
      line.skipped().forEach(skipped -> supersede(skipped, deployment));
      line.passed().forEach(passed -> pass(passed, deployment));
    });
    return made.isPresent();
  }

  private void pass(Waiting passed, Deployment by) {
    supersede(passed.build(), by);
    audit.record(
        AUTO,
        "auto-deploy-pass",
        "build " + by.build(),
        "PASSED",
        "it has waited for as long as its recipe says for " + passed.inWords());
  }

  private void supersede(Build build, Deployment by) {
    apps.recordEnded(
        build,
        DeploymentStatus.SUPERSEDED,
        "superseded by build #%d, deployment %d".formatted(by.build(), by.id()),
        by.id());
  }

  private void record(Deployment made, String more) {
    audit.record(
        made.requestedBy(),
        "deploy",
        "build " + made.build(),
        "PENDING",
        "deployment " + made.id() + more);
  }

  /** Lets auto-deploy take the app again, or pins it. */
  public void autoDeploy(AppName app, boolean enabled, String by) {
    turns.await(
        app,
        () -> {
          if (enabled) {
            apps.unpin(app);
          } else {
            apps.pin(app, by);
          }
          audit.record(by, "auto-deploy", "app " + app, enabled ? "ON" : "OFF", null);
          return app;
        });
  }

  /** Says whether the app's deployments wait for a second person. */
  public void approval(AppName app, boolean needed, String by) {
    turns.await(
        app,
        () -> {
          if (!apps.needApproval(app, needed)) {
            throw Problem.notFound("app " + app);
          }
          audit.record(by, "approval", "app " + app, needed ? "NEEDED" : "NOT_NEEDED", null);
          return app;
        });
  }

  private Plan planOf(Build build) {
    return Plan.of(build.recipe(), apps.regions());
  }
}
