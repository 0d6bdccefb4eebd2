package dev.slipway.deploy;

import dev.slipway.common.recipe.DeployRecipe.Order;
import dev.slipway.deploy.AppStore.Build;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What auto-deploy does next with an app's builds in line, in order of {@code seq}.
 *
 * @param chosen the build to deploy, or that waits; none when nothing is ready
 * @param skipped builds that are ready and come before the chosen one
 * @param passed builds that are not ready, come before the chosen one and were waited for long
 *     enough
 * @param blocker what the chosen one waits for; none when it may go
 */
record Line(
    @Nullable Build chosen, List<Build> skipped, List<Waiting> passed, @Nullable Waiting blocker) {
  static Line of(List<Waiting> line) {
    var ready = line.stream().takeWhile(Waiting::isReady).toList();
    if (!ready.isEmpty()) {
      return chooseFrom(ready, List.of());
    }
    var before = line.stream().takeWhile(next -> !next.isReady()).toList();
    if (before.size() == line.size()) {
      return new Line(null, List.of(), List.of(), null);
    }
    var first = line.get(before.size());
    if (isLongEnough(first)) {
      return chooseFrom(
          line.stream().skip(before.size()).takeWhile(Waiting::isReady).toList(), before);
    }
    return new Line(first.build(), List.of(), List.of(), before.getFirst());
  }

  private static Line chooseFrom(List<Waiting> ready, List<Waiting> passed) {
    var builds = ready.stream().map(Waiting::build).toList();
    var chosen =
        builds.getLast().recipe().order() == Order.LATEST ? builds.getLast() : builds.getFirst();
    var skipped = builds.stream().filter(build -> build.seq() < chosen.seq()).toList();
    return new Line(chosen, skipped, passed, null);
  }

  private static boolean isLongEnough(Waiting ready) {
    var time = ready.build().recipe().passAfter();
    return time != null && ready.seconds() >= time.toSeconds();
  }

  /** What the chosen build waits for, as {@code waiting for build 41, running since 3 min}. */
  Optional<String> reason() {
    return Optional.ofNullable(blocker).map(b -> "waiting for " + b.inWords());
  }
}
