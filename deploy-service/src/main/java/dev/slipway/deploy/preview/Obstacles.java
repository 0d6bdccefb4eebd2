package dev.slipway.deploy.preview;

import dev.slipway.common.app.AppName;
import dev.slipway.common.recipe.Times;
import dev.slipway.deploy.Plan;
import dev.slipway.deploy.freeze.FreezeStore;
import dev.slipway.deploy.preview.Preview.Obstacle;
import dev.slipway.deploy.preview.PreviewStore.Build;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is in the way of a deployment, or would make it go otherwise than one may think. */
final class Obstacles {
  /** Freezes that begin so soon are told of. */
  private static final Duration SOON = Duration.ofDays(1);

  private final PreviewStore store;
  private final FreezeStore freezes;

  Obstacles(PreviewStore store, FreezeStore freezes) {
    this.store = store;
    this.freezes = freezes;
  }

  /**
   * Those of a build.
   *
   * @param plan none where its recipe makes none
   */
  List<Obstacle> of(AppName app, Build build, Optional<Plan> plan) {
    var found = new ArrayList<Obstacle>();
    build(build, found);
    order(app, build, found);
    open(app, build, found);
    guards(app, found);
    plan.ifPresent(p -> labels(app, p, found));
    return found;
  }

  private void order(AppName app, Build build, List<Obstacle> found) {
    if (store.newestSeqNow(app).filter(now -> build.seq() < now).isPresent()) {
      found.add(
          new Obstacle(
              "older", "comes before what machines were told to run; to go back, roll back", true));
    }
  }

  private static void build(Build build, List<Obstacle> found) {
    if (build.retired()) {
      found.add(new Obstacle("retired", "what was built is no longer kept", true));
    } else if (!build.status().equals("SUCCEEDED")) {
      found.add(new Obstacle("not-built", "the build is " + build.status(), true));
    } else if (!build.replicated()) {
      found.add(new Obstacle("not-deployable", "not replicated to every wanted region yet", true));
    }
    if (build.pinnedBy() != null) {
      found.add(
          new Obstacle(
              "pinned",
              "pinned by " + build.pinnedBy() + ": auto-deploy stays off the app afterwards too",
              false));
    }
  }

  private void open(AppName app, Build build, List<Obstacle> found) {
    for (var open : store.open(app)) {
      var how =
          "deployment %d of build #%d is %s".formatted(open.id(), open.build(), open.status());
      if (open.build() == build.id()) {
        found.add(new Obstacle("already-deploying", how, true));
      } else if (open.seq() > build.seq()) {
        found.add(new Obstacle("older", how + ", which comes after this one", true));
      } else {
        found.add(new Obstacle("supersedes", how + " and would be superseded", false));
      }
    }
  }

  /** Freezes and approvals, which are asked when a deployment is made and again when it begins. */
  private void guards(AppName app, List<Obstacle> found) {
    freezes
        .on(app)
        .ifPresent(on ->
            found.add(
                new Obstacle(
                    "frozen",
                    on.inWords() + " is on: only with an override and its reason",
                    true)));
    for (var coming : freezes.coming(app, SOON)) {
      found.add(
          new Obstacle(
              "freeze-ahead",
              "%s begins at %s: what has not begun by then waits for its end"
                  .formatted(coming.inWords(), coming.startsAt()),
              false));
    }
    if (store.needsApproval(app)) {
      found.add(
          new Obstacle(
              "needs-approval", "waits for the approval of somebody other than who asks", false));
    }
  }

  /** A wave for machines that there are none of waits, and fails in the end. */
  private void labels(AppName app, Plan plan, List<Obstacle> found) {
    var machines = store.machines(app);
    for (var wave = 0; wave < plan.steps().size(); wave++) {
      var number = wave;
      if (!plan.labelsOf(wave).isNone()
          && machines.stream().noneMatch(m -> plan.concerns(number, m.region(), m.labels()))) {
        found.add(
            new Obstacle(
                "no-machines",
                "wave %d: no machine of %s has the labels %s; it would wait, and fail after %s"
                    .formatted(
                        wave + 1,
                        plan.steps().get(wave).regions(),
                        plan.labelsOf(wave),
                        Times.written(plan.gate().within())),
                false));
      }
    }
  }
}
