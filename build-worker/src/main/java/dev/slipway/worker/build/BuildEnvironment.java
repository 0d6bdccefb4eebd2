package dev.slipway.worker.build;

import dev.slipway.common.recipe.BuildRecipe;
import dev.slipway.worker.checkout.Leftovers;
import dev.slipway.worker.checkout.Workspace;
import dev.slipway.worker.job.ClaimedJob;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The whole environment of a build: of the worker's own, only what is listed. */
final class BuildEnvironment {
  private static final List<String> INHERITED = List.of("PATH", "LANG", "JAVA_HOME");

  private BuildEnvironment() {}

  static Map<String, String> of(
      ClaimedJob job, BuildRecipe recipe, Workspace workspace, Map<String, String> parent) {
    var environment = new HashMap<String, String>();
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("LANG", "C.UTF-8");
    for (var name : INHERITED) {
      var value = parent.get(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    environment.put("HOME", workspace.home().toString());
    environment.put("TMPDIR", workspace.temporary().toString());
    environment.put("CI", "true");
    environment.putAll(recipe.env());
    environment.put(Leftovers.MARK, workspace.root().toString());
    environment.put("SLIPWAY_APP", job.app().value());
    environment.put("SLIPWAY_COMMIT", job.commit().value());
    environment.put("SLIPWAY_BUILD", String.valueOf(job.claim().job()));
    var span = job.buildSpan();
    if (span != null) {
      // so that what a build traces of itself is a part of its own span
      environment.put("TRACEPARENT", span.toString());
    }
    return environment;
  }
}
