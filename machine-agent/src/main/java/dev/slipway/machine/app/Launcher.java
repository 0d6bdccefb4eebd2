package dev.slipway.machine.app;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.recipe.RunRecipe;
import dev.slipway.machine.HostedApp;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Starts and stops an app's process. */
final class Launcher {
  private static final RunRecipe.Stop DEFAULT_STOP =
      new RunRecipe.Stop("TERM", Duration.ofSeconds(30));
  private static final Duration INTRODUCTION = Duration.ofSeconds(5);
  private static final Duration PORT_FREE = Duration.ofSeconds(3);
  private static final int PAUSE_MILLIS = 2;
  private static final int PORT_PAUSE_MILLIS = 50;

  private final HostedApp app;
  private final AppFolder folder;
  private final HealthCheck health;
  private final Commands commands;
  private final Hooks hooks;
  private final BooleanSupplier superseded;

  /**
   * @param superseded whether something newer is wanted, so that health is not waited for
   */
  Launcher(
      HostedApp app,
      AppFolder folder,
      HealthCheck health,
      MeterRegistry meters,
      BooleanSupplier superseded) {
    this.app = app;
    this.folder = folder;
    this.health = health;
    this.commands = new Commands(app, folder);
    this.hooks = new Hooks(folder, commands, meters);
    this.superseded = superseded;
  }

  /** The app's process, if it lives; whoever started it. */
  Optional<AppProcess> living() throws IOException {
    var process = AppProcess.read(folder.pid());
    return process.isPresent() && process.get().isAlive() ? process : Optional.empty();
  }

  /**
   * Starts a release and waits until it is well.
   *
   * @param onEnd called when the process ends, as long as this agent lives
   * @return why it is not well; it may still run then
   */
  Optional<String> start(Manifest manifest, RunRecipe run, Runnable onEnd)
      throws IOException, InterruptedException, Superseded {
    if (usesPort(run) && !portIsFree()) {
      return Optional.of("port " + app.port() + " is taken by something else");
    }
    Files.deleteIfExists(folder.pid());
    var group = commands.start(run.start(), manifest, folder.pid());
    var _ = group.leader().onExit().thenRun(onEnd);
    var process = introduced(group.leader());
    return process.isEmpty()
        ? Optional.of("the app ended at once; app.log may say why")
        : awaitWell(process.get(), manifest, run);
  }

  /** Waits for a process, also one that an agent before this one started. */
  Optional<String> awaitWell(AppProcess process, Manifest manifest, RunRecipe run)
      throws IOException, InterruptedException, Superseded {
    var reason = health.await(process, run.health(), app.port(), superseded);
    return reason.isPresent() ? reason : hooks.afterStart(manifest, superseded);
  }

  /** Stops whatever runs of this app, the way its own release wants it. */
  void stop() throws IOException, InterruptedException {
    hooks.endLeftOver();
    var process = AppProcess.read(folder.pid());
    if (process.isPresent()) {
      var manifest = folder.manifest(process.get().build());
      if (manifest.isPresent() && process.get().isAlive()) {
        hooks.beforeStop(manifest.get());
      }
      var stop = manifest.map(Manifest::run).map(RunRecipe::stop).orElse(DEFAULT_STOP);
      process.get().stop(stop.signal(), stop.within());
      Files.deleteIfExists(folder.pid());
    }
  }

  /** Ends what did not become well. */
  void kill() throws IOException, InterruptedException {
    hooks.endLeftOver();
    var process = AppProcess.read(folder.pid());
    if (process.isPresent()) {
      process.get().kill();
      Files.deleteIfExists(folder.pid());
    }
  }

  private Optional<AppProcess> introduced(Process leader) throws IOException, InterruptedException {
    var started = System.nanoTime();
    while (System.nanoTime() - started < INTRODUCTION.toNanos()) {
      var process = AppProcess.read(folder.pid());
      if (process.isPresent() || !leader.isAlive()) {
        return process;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    leader.destroyForcibly();
    throw new IOException(
        "the app's process did not start within " + INTRODUCTION.toSeconds() + " s");
  }

  private static boolean usesPort(RunRecipe run) {
    return run.start().contains("{port}")
        || (run.health() != null && run.health().http().contains("{port}"));
  }

  /** Asked before a start, so that nobody else's answer is taken for the app's health. */
  private boolean portIsFree() throws InterruptedException {
    var started = System.nanoTime();
    while (true) {
      if (Ports.isFree(app.port())) {
        return true;
      }
      if (System.nanoTime() - started > PORT_FREE.toNanos()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(PORT_PAUSE_MILLIS);
    }
  }
}
