package dev.slipway.worker;

import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.Recipe;
import dev.slipway.worker.build.BuildCommand;
import dev.slipway.worker.build.LogStream;
import dev.slipway.worker.build.RecipeSource;
import dev.slipway.worker.checkout.Checkout;
import dev.slipway.worker.checkout.Workspace;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.job.Published;
import dev.slipway.worker.publish.Publisher;
import java.io.IOException;

/** From a commit to what is published of it. */
final class Build {
  private final Checkout checkout;
  private final BuildCommand command;
  private final Publisher publisher;

  Build(Checkout checkout, BuildCommand command, Publisher publisher) {
    this.checkout = checkout;
    this.command = command;
    this.publisher = publisher;
  }

  /** What a build came to, and how it asks to be deployed. */
  record Result(Published published, DeployRecipe rollout) {}

  Result run(ClaimedJob job, LogStream log) throws BuildFailed, IOException, InterruptedException {
    var workspace = checkout.of(job);
    try {
      var recipe = RecipeSource.read(workspace.checkout(), job);
      command.run(job, recipe.build(), workspace, checkout.limitOf(workspace), log);
      return publish(job, recipe, workspace, log);
    } finally {
      checkout.remove(workspace);
    }
  }

  private Result publish(ClaimedJob job, Recipe recipe, Workspace workspace, LogStream log)
      throws BuildFailed, IOException {
    var published = publisher.publish(job, recipe, workspace.checkout());
    log.say("published %s, %,d bytes".formatted(published.binaryName(), published.size()));
    return new Result(published, recipe.deploy());
  }
}
