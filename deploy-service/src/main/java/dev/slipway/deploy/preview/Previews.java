package dev.slipway.deploy.preview;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.Plan;
import dev.slipway.deploy.preview.Preview.Obstacle;
import dev.slipway.deploy.preview.Preview.Skipped;
import dev.slipway.deploy.preview.PreviewStore.Build;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes previews. */
public final class Previews {
  /** As many deployments tell how long the next one takes. */
  private static final int LAST = 5;

  private final PreviewStore store;

  public Previews(PreviewStore store) {
    this.store = store;
  }

  /**
   * What deploying a build would do.
   *
   * @param id none for the newest that can be deployed
   */
  public Preview of(AppName app, @Nullable Long id) {
    var wanted =
        Optional.ofNullable(id)
            .or(() -> store.newest(app))
            .orElseThrow(() ->
                Problem.conflict("nothing-to-deploy", app + " has no build that can be deployed"));
    var build =
        store
            .build(app, wanted)
            .orElseThrow(() -> Problem.notFound("build #" + wanted + " of " + app));
    var obstacles = new ArrayList<Obstacle>();
    var plan = plan(build, obstacles);
    var skipped = skipped(app, build, obstacles);
    lookAtBuild(app, build, obstacles);
    var rolled = store.rolledFor(app, LAST);
    return new Preview(
        app.value(),
        build.id(),
        build.commit(),
        build.sizeBytes(),
        List.copyOf(obstacles),
        skipped,
        regions(app, build, plan),
        plan.map(Plan::steps).orElse(List.of()),
        plan.map(p -> expected(rolled, p)).orElse(null),
        rolled.size());
  }

  private Optional<Plan> plan(Build build, List<Obstacle> obstacles) {
    try {
      return Optional.of(Plan.of(build.recipe(), store.regions()));
    } catch (InvalidInput unplannable) {
      obstacles.add(new Obstacle("no-plan", String.valueOf(unplannable.getMessage()), true));
      return Optional.empty();
    }
  }

  private List<Skipped> skipped(AppName app, Build build, List<Obstacle> obstacles) {
    var now = store.newestSeqNow(app);
    if (now.isEmpty()) {
      return List.of();
    }
    if (build.seq() < now.get()) {
      obstacles.add(
          new Obstacle(
              "older",
              "older than what runs: machines go back, and newer builds may follow by auto-deploy",
              false));
      return List.of();
    }
    return store.between(app, now.get(), build.seq());
  }

  private void lookAtBuild(AppName app, Build build, List<Obstacle> obstacles) {
    if (build.retired()) {
      obstacles.add(new Obstacle("retired", "what was built is no longer kept", true));
    } else if (!build.status().equals("SUCCEEDED")) {
      obstacles.add(new Obstacle("not-built", "the build is " + build.status(), true));
    } else if (!build.replicated()) {
      obstacles.add(
          new Obstacle("not-deployable", "not replicated to every wanted region yet", true));
    }
    if (build.pinnedBy() != null) {
      obstacles.add(
          new Obstacle(
              "pinned",
              "pinned by " + build.pinnedBy() + ": auto-deploy stays off the app afterwards too",
              false));
    }
    store
        .open(app)
        .ifPresent(open ->
            obstacles.add(
                new Obstacle(
                    "supersedes",
                    "deployment %d of build #%d is %s and would be superseded"
                        .formatted(open.id(), open.build(), open.status()),
                    false)));
  }

  private List<Preview.RegionPreview> regions(AppName app, Build build, Optional<Plan> plan) {
    Set<String> reached =
        plan.stream()
            .flatMap(p -> p.steps().stream())
            .flatMap(step -> step.regions().stream())
            .map(Object::toString)
            .collect(Collectors.toSet());
    return store.regions(app, build).stream()
        .filter(region -> reached.contains(region.region()))
        .toList();
  }

  /** The middle one of the last. */
  private static @Nullable Double expected(List<Duration> rolled, Plan plan) {
    if (rolled.isEmpty()) {
      return null;
    }
    var sorted = rolled.stream().sorted().toList();
    return sorted.get(sorted.size() / 2).plus(PreviewStore.bakesOf(plan)).toMillis() / 1000.0;
  }
}
