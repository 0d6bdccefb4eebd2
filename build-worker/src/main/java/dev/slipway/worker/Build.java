package dev.slipway.worker;

import dev.slipway.common.job.Pool;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.recipe.Recipe;
import dev.slipway.worker.build.BuildCommand;
import dev.slipway.worker.build.LogStream;
import dev.slipway.worker.build.RecipeSource;
import dev.slipway.worker.checkout.Checkout;
import dev.slipway.worker.checkout.Workspace;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.Published;
import dev.slipway.worker.publish.Publisher;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;

/** From a commit to what is published of it. */
final class Build {
  private final Checkout checkout;
  private final BuildCommand command;
  private final Publisher publisher;
  private final FinishStore pools;
  private final Clock clock;

  Build(
      Checkout checkout,
      BuildCommand command,
      Publisher publisher,
      FinishStore pools,
      Clock clock) {
    this.checkout = checkout;
    this.command = command;
    this.publisher = publisher;
    this.pools = pools;
    this.clock = clock;
  }

  /** The commit asks for labels that the worker does not have. */
  static final class WrongPool extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Pool pool;

    WrongPool(Pool pool) {
      super("needs a worker with the labels " + pool);
      this.pool = pool;
    }

    Pool pool() {
      return pool;
    }
  }

  /** What a build came to, and how it asks to be deployed. */
  record Result(Published published, DeployRecipe rollout) {}

  /**
   * Builds a job.
   *
   * @param labels of this worker
   * @param trace gets its steps
   */
  Result run(ClaimedJob job, Pool labels, LogStream log, BuildTrace trace)
      throws WrongPool, BuildFailed, IOException, InterruptedException {
    var started = clock.instant();
    var workspace = checkedOut(job, trace);
    try {
      var recipe = RecipeSource.read(workspace.checkout(), job);
      choose(job, new Pool(recipe.build().labels()), labels);
      try (var _ = trace.step("command")) {
        command.run(job, recipe.build(), workspace, checkout.limitOf(workspace), log);
      }
      var published = published(job, recipe, workspace, started, trace);
      log.say("published %s, %,d bytes".formatted(published.binaryName(), published.size()));
      return new Result(published, recipe.deploy());
    } finally {
      checkout.remove(workspace);
    }
  }

  private Workspace checkedOut(ClaimedJob job, BuildTrace trace)
      throws BuildFailed, IOException, InterruptedException {
    try (var _ = trace.step("checkout")) {
      return checkout.of(job);
    }
  }

  private Published published(
      ClaimedJob job, Recipe recipe, Workspace workspace, Instant started, BuildTrace trace)
      throws BuildFailed, IOException, InterruptedException {
    try (var _ = trace.step("publish")) {
      return publisher.publish(job, recipe, workspace.checkout(), started);
    }
  }

  /** What labels a commit asks for is known once it is checked out. */
  private void choose(ClaimedJob job, Pool wanted, Pool labels) throws WrongPool {
    if (!labels.serves(wanted)) {
      throw new WrongPool(wanted);
    }
    pools.learn(job.claim(), wanted);
  }
}
