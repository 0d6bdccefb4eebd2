package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.deploy.AppStore.Build;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes deployments: checks that a build may be deployed, and fixes the plan. */
public final class Deployer {
  private final DeploymentStore deployments;
  private final AppStore apps;
  private final AuditStore audit;
  private final TransactionTemplate transaction;

  Deployer(
      DeploymentStore deployments,
      AppStore apps,
      AuditStore audit,
      TransactionTemplate transaction) {
    this.deployments = deployments;
    this.apps = apps;
    this.audit = audit;
    this.transaction = transaction;
  }

  /** Presses the button: deploys a build by its recipe's plan. */
  public Deployment deploy(AppName app, long build, String by) {
    return locked(app, () -> deploy(deployable(app, build), Cause.PERSON, by).orElseThrow());
  }

  /** A build that was found deployable stays so until its deployment is there. */
  private Deployment locked(AppName app, Supplier<Deployment> work) {
    return Objects.requireNonNull(
        transaction.execute(t -> {
          apps.lock(app);
          return work.get();
        }));
  }

  /**
   * Makes a deployment by the build's own plan; none when auto-deploy has had this build before.
   */
  Optional<Deployment> deploy(Build build, Cause cause, String by) {
    var made = deployments.create(build.app(), build.id(), cause, by, planOf(build));
    made.ifPresent(
        d -> audit.record(by, "deploy", "build " + build.id(), "PENDING", "deployment " + d.id()));
    return made;
  }

  /**
   * Goes back, in all regions at once, and pins the app: auto-deploy stays off it until somebody
   * resumes it.
   *
   * @param build where to; none for the last that was deployed well before the current one
   */
  public Deployment rollBack(AppName app, @Nullable Long build, String by) {
    return locked(app, () -> rollBackTo(app, build != null ? build : lastGood(app), by));
  }

  private Deployment rollBackTo(AppName app, long to, String by) {
    deployable(app, to);
    apps.pin(app, by);
    var made = deployments.create(app, to, Cause.ROLLBACK, by, atOnce()).orElseThrow();
    audit.record(
        by, "rollback", "app " + app, "PENDING", "to build " + to + " by deployment " + made.id());
    return made;
  }

  /**
   * Where {@link #rollBack} goes without a wish; none where nothing else was ever deployed well.
   */
  public Optional<Long> wayBack(AppName app) {
    return deployments.list(app.value(), Long.MAX_VALUE, 1).stream()
        .findFirst()
        .flatMap(current -> deployments.lastGoodBuildBut(app, current.build()));
  }

  /**
   * Moves a deployment as a person wishes.
   *
   * @throws Problem when its state does not allow the move
   */
  public Deployment move(long id, Move move, String by) {
    if (!deployments.move(id, move.next(), move.word() + " by " + by)) {
      throw Problem.conflict(
          "not-in-this-state",
          "deployment " + id + " is " + find(id).status() + " and cannot become " + move.next());
    }
    audit.record(by, "deployment-" + move.word(), "deployment " + id, move.next().name(), null);
    return find(id);
  }

  /** Lets auto-deploy take the app again, or pins it. */
  public void autoDeploy(AppName app, boolean enabled, String by) {
    if (enabled) {
      apps.unpin(app);
    } else {
      apps.pin(app, by);
    }
    audit.record(by, "auto-deploy", "app " + app, enabled ? "ON" : "OFF", null);
  }

  /** Goes back because a deployment failed, where there is something to go back to. */
  void rollBackFrom(Deployment failed) {
    deployments
        .lastGoodBuildBut(failed.app(), failed.build())
        .ifPresent(good -> rollBack(failed.app(), good, "deployment " + failed.id()));
  }

  Plan planOf(Build build) {
    return Plan.of(build.recipe(), apps.regions());
  }

  private Plan atOnce() {
    return Plan.of(DeployRecipe.BY_HAND, apps.regions());
  }

  private long lastGood(AppName app) {
    return wayBack(app)
        .orElseThrow(() ->
            Problem.conflict(
                "nothing-to-roll-back-to", app + " has no earlier build that was deployed well"));
  }

  private Deployment find(long id) {
    return deployments.find(id).orElseThrow(() -> Problem.notFound("deployment " + id));
  }

  private Build deployable(AppName app, long id) {
    var build =
        apps.build(id)
            .filter(b -> b.app().equals(app))
            .orElseThrow(() -> Problem.notFound("build #" + id + " of " + app));
    if (build.retired()) {
      throw Problem.conflict(
          "retired", "build #" + id + " is retired: what was built is no longer kept");
    }
    if (!build.replicated()) {
      throw Problem.conflict(
          "not-deployable", "build #" + id + " is not replicated to every wanted region yet");
    }
    return build;
  }
}
