package dev.slipway.machine.app;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.recipe.RunRecipe;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An app's own commands around its start and its stop. Each is bounded in time; at its end nothing
 * of it is left, also not of one that an agent before this one left behind.
 */
final class Hooks {
  private static final Logger log = LoggerFactory.getLogger(Hooks.class);
  private static final int PAUSE_MILLIS = 50;

  private final AppFolder folder;
  private final Commands commands;
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.machine.hooks} by hook and outcome
   */
  Hooks(AppFolder folder, Commands commands, MeterRegistry meters) {
    this.folder = folder;
    this.commands = commands;
    this.meters = meters;
  }

  /** Lets the app that runs get ready for its end, which comes in any case. */
  void beforeStop(Manifest manifest) throws IOException, InterruptedException {
    var run = manifest.run();
    if (run != null) {
      try {
        run("before-stop", run.beforeStop(), manifest, () -> false)
            .ifPresent(reason -> log.warn("{} is stopped though {}", manifest.app(), reason));
      } catch (Superseded never) {
        throw new IllegalStateException(never);
      }
    }
  }

  /**
   * What makes an app that is well ready for its work.
   *
   * @param superseded whether something newer is wanted, so that it is cut short
   * @return why it is not ready
   */
  Optional<String> afterStart(Manifest manifest, BooleanSupplier superseded)
      throws IOException, InterruptedException, Superseded {
    var run = manifest.run();
    return run == null
        ? Optional.empty()
        : run("after-start", run.afterStart(), manifest, superseded);
  }

  /** Ends what an agent that died left behind. */
  void endLeftOver() throws IOException, InterruptedException {
    var left = AppProcess.read(folder.hookPid());
    if (left.isPresent()) {
      left.get().kill();
      Files.deleteIfExists(folder.hookPid());
    }
  }

  private Optional<String> run(
      String name, RunRecipe.@Nullable Hook hook, Manifest manifest, BooleanSupplier superseded)
      throws IOException, InterruptedException, Superseded {
    if (hook == null) {
      return Optional.empty();
    }
    endLeftOver();
    Optional<String> problem;
    try {
      problem = problem(hook, manifest, superseded);
    } catch (IOException e) {
      problem = Optional.of("could not be run: " + e.getMessage());
    }
    count(name, problem.isEmpty() ? "succeeded" : "failed");
    return problem.map(why -> "run." + name + " " + why);
  }

  private Optional<String> problem(
      RunRecipe.Hook hook, Manifest manifest, BooleanSupplier superseded)
      throws IOException, InterruptedException, Superseded {
    var deadline = System.nanoTime() + hook.within().toNanos();
    var group = commands.start(hook.command(), manifest, folder.hookPid());
    try {
      while (!group.leader().waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        if (superseded.getAsBoolean()) {
          throw new Superseded();
        }
        if (System.nanoTime() - deadline >= 0) {
          return Optional.of("did not end within %d s".formatted(hook.within().toSeconds()));
        }
      }
      var code = group.leader().exitValue();
      return code == 0 ? Optional.empty() : Optional.of("ended with %d".formatted(code));
    } finally {
      group.kill();
      Files.deleteIfExists(folder.hookPid());
    }
  }

  private void count(String name, String outcome) {
    meters.counter("slipway.machine.hooks", "hook", name, "outcome", outcome).increment();
  }
}
