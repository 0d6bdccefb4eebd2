package dev.slipway.deploy.preview;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.Plan;
import dev.slipway.deploy.freeze.FreezeStore;
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
  private final Obstacles obstacles;

  public Previews(PreviewStore store, FreezeStore freezes) {
    this.store = store;
    this.obstacles = new Obstacles(store, freezes);
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
    var found = new ArrayList<Obstacle>();
    var plan = plan(build, found);
    found.addAll(obstacles.of(app, build, plan));
    var rolled = store.rolledFor(app, LAST);
    return new Preview(
        app.value(),
        build.id(),
        build.commit(),
        build.sizeBytes(),
        List.copyOf(found),
        skipped(app, build),
        regions(app, build, plan),
        plan.map(Plan::steps).orElse(List.of()),
        plan.map(p -> expected(rolled, p)).orElse(null),
        rolled.size());
  }

  private Optional<Plan> plan(Build build, List<Obstacle> found) {
    try {
      return Optional.of(Plan.of(build.recipe(), store.regions()));
    } catch (InvalidInput unplannable) {
      found.add(new Obstacle("no-plan", String.valueOf(unplannable.getMessage()), true));
      return Optional.empty();
    }
  }

  private List<Skipped> skipped(AppName app, Build build) {
    return store
        .newestSeqNow(app)
        .map(now -> store.between(app, now, build.seq()))
        .orElse(List.of());
  }

  private List<Preview.RegionPreview> regions(AppName app, Build build, Optional<Plan> plan) {
    Set<String> reached =
        plan.stream()
            .flatMap(p -> p.steps().stream())
            .flatMap(step -> step.regions().stream())
            .map(Object::toString)
            .collect(Collectors.toSet());
    var labels = plan.map(Plan::labels).orElse(Labels.NONE);
    return store.regions(app, build, labels).stream()
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
