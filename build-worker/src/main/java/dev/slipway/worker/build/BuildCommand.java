package dev.slipway.worker.build;

import dev.slipway.common.process.ProcessGroup;
import dev.slipway.common.recipe.BuildRecipe;
import dev.slipway.common.recipe.Times;
import dev.slipway.worker.checkout.FolderLimit;
import dev.slipway.worker.checkout.Leftovers;
import dev.slipway.worker.checkout.Workspace;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs a repository's build command. Whatever way it ends, no process of it is left when this
 * returns.
 */
public final class BuildCommand {
  /** Above this the disk was not what a build failed for. */
  private static final long FULL = 16 << 20;

  private static final Duration LAST_OUTPUT = Duration.ofSeconds(5);

  /** Between looks at what a build has written. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Map<String, String> parent;
  private final @Nullable Sandbox sandbox;

  /**
   * Runs commands without a sandbox.
   *
   * @param parent the worker's own environment
   */
  public BuildCommand(Map<String, String> parent) {
    this(parent, null);
  }

  /** Runs commands in a sandbox, if there is one. */
  public BuildCommand(Map<String, String> parent, @Nullable Sandbox sandbox) {
    this.parent = Map.copyOf(parent);
    this.sandbox = sandbox;
  }

  /**
   * Runs the command to its end.
   *
   * @param room what the workspace may hold
   * @throws BuildFailed when it fails, takes too long, fills the disk or asks for what this worker
   *     does not have
   */
  public void run(
      ClaimedJob job, BuildRecipe recipe, Workspace workspace, FolderLimit room, LogStream log)
      throws BuildFailed, IOException, InterruptedException {
    var group = start(job, recipe, workspace);
    var output = log.copy(group.leader().getInputStream());
    var ended = false;
    try {
      ended = ends(group.leader(), recipe.timeout(), room);
    } finally {
      try {
        group.kill();
      } finally {
        Leftovers.kill(workspace.root());
        output.join(LAST_OUTPUT);
      }
    }
    if (!ended) {
      throw new BuildFailed(
          "the build exceeded its time limit of " + Times.written(recipe.timeout()));
    }
    check(group.leader().exitValue(), workspace);
  }

  private ProcessGroup start(ClaimedJob job, BuildRecipe recipe, Workspace workspace)
      throws BuildFailed, IOException {
    var environment = BuildEnvironment.of(job, recipe, workspace, parent);
    var pipe = ProcessBuilder.Redirect.PIPE;
    if (sandbox != null) {
      return ProcessGroup.startWithin(
          sandbox.around(workspace, recipe.network()),
          recipe.command(),
          workspace.checkout(),
          environment,
          pipe);
    }
    if (recipe.network() == BuildRecipe.Network.NONE) {
      throw new BuildFailed("build.network is none, and this worker has no sandbox to keep it");
    }
    return ProcessGroup.start(recipe.command(), workspace.checkout(), environment, pipe);
  }

  /** Whether it ends in time. */
  private static boolean ends(Process leader, Duration within, FolderLimit room)
      throws BuildFailed, IOException, InterruptedException {
    var start = System.nanoTime();
    while (true) {
      var left = within.toNanos() - (System.nanoTime() - start);
      if (leader.waitFor(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS)) {
        return true;
      }
      if (left <= 0) {
        return false;
      }
      room.check();
    }
  }

  private static void check(int exitCode, Workspace workspace) throws BuildFailed, IOException {
    if (exitCode == 0) {
      return;
    }
    var free = workspace.root().toFile().getUsableSpace();
    throw new BuildFailed(
        "the build command ended with exit code "
            + exitCode
            + (free < FULL ? "; the worker's disk is full, " + free + " bytes are left" : ""));
  }
}
