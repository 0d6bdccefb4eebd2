package dev.slipway.machine.app;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.recipe.RunRecipe;
import dev.slipway.machine.HostedApp;
import dev.slipway.machine.artifact.Artifacts;
import dev.slipway.machine.artifact.Manifests;
import dev.slipway.machine.artifact.Refused;
import dev.slipway.machine.region.Board;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one app to what was asked for last, and keeps it running. One thread owns all of its state;
 * others only offer targets. Every step may be cut off by the process's death and is done again.
 */
public final class AppRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AppRunner.class);
  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final int PATIENT_FAILURES = 3;
  private static final Duration STABLE = Duration.ofMinutes(1);

  /** What all apps of a machine share. */
  public record Machine(
      Manifests manifests,
      Artifacts artifacts,
      HealthCheck health,
      Board board,
      Runnable askAgain,
      MeterRegistry meters) {}

  private final HostedApp app;
  private final AppFolder folder;
  private final Launcher launcher;
  private final Machine machine;
  private final Loop loop;
  private final AtomicReference<@Nullable Assignment> offered = new AtomicReference<>();
  private final Backoff retry = new Backoff(Duration.ofSeconds(1), LONGEST_PAUSE);
  private final Backoff restart = new Backoff(Duration.ofMillis(500), LONGEST_PAUSE);

  private AppMemory memory = AppMemory.NOTHING;
  private @Nullable Installation installation;
  private @Nullable Long running;
  private AppState phase = AppState.DOWNLOADING;
  private @Nullable String trouble;
  private long healthySince = System.nanoTime();

  public AppRunner(HostedApp app, Path root, Machine machine) {
    this.app = app;
    this.machine = machine;
    this.folder = new AppFolder(root);
    this.launcher = new Launcher(app, folder, machine.health());
    this.loop = new Loop("app-" + app.name(), TICK, this::runOnce, machine.meters());
  }

  /** Reads what the agent before this one knew, before {@link #start}. */
  public void recover() throws IOException {
    folder.prepare();
    memory = folder.memory();
    folder.retain(memory.releases().map(release -> release.release().build()).toList());
    memory.releases().forEach(machine.artifacts()::hold);
  }

  public AppRunner start() {
    loop.start();
    return this;
  }

  /** Says what to run; only ever moves to a higher revision. */
  public void offer(Assignment newest) {
    offered.accumulateAndGet(
        newest, (a, b) -> a != null && b != null && a.revision() > b.revision() ? a : b);
    loop.wake();
  }

  boolean runOnce() throws IOException, InterruptedException {
    try {
      accept();
      tend();
      advance();
      LogFile.bound(folder.log());
    } finally {
      report();
    }
    return false;
  }

  private void accept() throws IOException, InterruptedException {
    var newest = offered.getAndSet(null);
    if (newest == null) {
      return;
    }
    if (newest.revision() > memory.revision()) {
      giveUp();
      var superseded = memory.pending();
      machine.artifacts().hold(newest);
      remember(memory.aimingAt(newest));
      if (superseded != null) {
        drop(superseded);
      }
    } else if (newest.revision() == memory.revision() && memory.pending() != null) {
      // the region serves it elsewhere now: the next try goes there
      remember(memory.aimingAt(newest));
    } else if (newest.revision() < memory.revision()) {
      machine.meters().counter("slipway.machine.targets.refused").increment();
    }
  }

  /** Keeps the current release running, also while the next is on its way. */
  private void tend() throws IOException, InterruptedException {
    var current = memory.current();
    if (current == null) {
      return;
    }
    var manifest = folder.manifest(current.release().build());
    if (manifest.isEmpty()) {
      running = null;
      trouble = "release " + current.release().build() + " is gone from this machine";
      return;
    }
    var living = launcher.living();
    var pending = memory.pending();
    if (living.isPresent()
        && pending != null
        && living.get().build() == pending.release().build()) {
      // the agent before this one died while it was waiting for its health
      return;
    }
    var run = manifest.get().run();
    if (run == null || living.filter(p -> p.build() == manifest.get().job()).isPresent()) {
      running = manifest.get().job();
      if (System.nanoTime() - healthySince > STABLE.toNanos()) {
        restart.reset();
      }
      trouble = pending == null ? null : trouble;
      return;
    }
    if (running != null) {
      running = null;
      trouble = "the app has ended and is started again";
    }
    if (restart.isDue()) {
      restart(manifest.get(), run);
    }
  }

  private void restart(Manifest manifest, RunRecipe run) throws IOException, InterruptedException {
    machine.meters().counter("slipway.machine.starts", "app", app.name().value()).increment();
    restart.failed();
    report();
    launcher.stop();
    folder.switchTo(manifest.job());
    trouble = launch(manifest, run).orElse(null);
    if (trouble == null) {
      running = manifest.job();
      healthySince = System.nanoTime();
    } else {
      launcher.kill();
    }
  }

  private void advance() throws IOException, InterruptedException {
    var target = memory.pending();
    if (target == null) {
      return;
    }
    var manifest = folder.manifest(target.release().build());
    if (manifest.isPresent()) {
      if (manifest.get().sha256().equals(target.release().sha256())) {
        activate(target, manifest.get());
      } else {
        fail(target, "build %d is here with another sha256".formatted(target.release().build()));
      }
    } else if (installation != null) {
      finish(target, installation);
    } else if (retry.isDue()) {
      phase = AppState.DOWNLOADING;
      installation =
          new Installation(
              target,
              folder,
              new Installation.Tools(machine.manifests(), machine.artifacts()),
              loop::wake);
    }
  }

  private void finish(Assignment target, Installation ending)
      throws IOException, InterruptedException {
    if (!ending.hasEnded()) {
      return;
    }
    installation = null;
    try {
      ending.result();
      retry.reset();
      trouble = null;
      loop.wake();
    } catch (Refused refused) {
      fail(target, String.valueOf(refused.getMessage()));
    } catch (IOException e) {
      retry.failed();
      trouble = e.getMessage();
      log.warn(
          "Build {} of {} is not here yet and will be tried again: {}",
          target.release().build(),
          app.name(),
          trouble);
      machine.askAgain().run();
    }
  }

  private void activate(Assignment target, Manifest manifest)
      throws IOException, InterruptedException {
    phase = AppState.ACTIVATING;
    trouble = null;
    report();
    var reason = switchTo(manifest);
    if (reason.isEmpty()) {
      succeed(manifest);
    } else {
      launcher.kill();
      fail(target, reason.get());
    }
  }

  /** Empty when the release runs and is well. */
  private Optional<String> switchTo(Manifest manifest) throws IOException, InterruptedException {
    var run = manifest.run();
    var living = launcher.living();
    if (run != null && living.isPresent() && living.get().build() == manifest.job()) {
      return launcher.awaitHealthy(living.get(), run);
    }
    running = null;
    launcher.stop();
    folder.switchTo(manifest.job());
    return run == null ? Optional.empty() : launch(manifest, run);
  }

  private Optional<String> launch(Manifest manifest, RunRecipe run)
      throws IOException, InterruptedException {
    try {
      return launcher.start(manifest, run, loop::wake);
    } catch (IOException e) {
      return Optional.of("the app could not be started: " + e.getMessage());
    }
  }

  private void succeed(Manifest manifest) throws IOException {
    var outdated = memory.previous();
    running = manifest.job();
    healthySince = System.nanoTime();
    restart.reset();
    remember(memory.succeeded());
    count("running");
    log.info("{} runs build {}", app.name(), manifest.job());
    if (outdated != null) {
      drop(outdated);
    }
  }

  private void fail(Assignment target, String reason) throws IOException {
    log.warn("{} cannot run build {}: {}", app.name(), target.release().build(), reason);
    remember(memory.failed(reason));
    count("failed");
    restart.reset();
    if (memory.current() == null) {
      folder.switchOff();
    }
    drop(target);
    // the release before is started again by the next pass, at once
    loop.wake();
  }

  /** Removes a release that nothing points to any more. */
  private void drop(Assignment release) throws IOException {
    if (!memory.keeps(release)) {
      folder.remove(release.release().build());
      machine.artifacts().letGo(release);
    }
  }

  private void giveUp() throws InterruptedException {
    if (installation != null) {
      installation.cancel();
      installation = null;
    }
    retry.reset();
    trouble = null;
    phase = AppState.DOWNLOADING;
  }

  private void remember(AppMemory next) throws IOException {
    folder.remember(next);
    memory = next;
  }

  private void count(String outcome) {
    machine.meters().counter("slipway.machine.activations", "outcome", outcome).increment();
  }

  private void report() {
    var target = memory.target();
    if (target == null) {
      return;
    }
    var size = target.release().size();
    var waiting = memory.pending() != null && phase == AppState.DOWNLOADING;
    var done = installation == null ? (waiting ? 0 : size) : installation.bytesDone();
    var build = target.release().build();
    machine
        .board()
        .put(
            new AppReport(
                app.name(), build, running, state(), target.revision(), done, size, detail()));
  }

  private AppState state() {
    if (memory.pending() != null) {
      return retry.failures() >= PATIENT_FAILURES ? AppState.FAILED : phase;
    }
    if (memory.failure() != null) {
      return AppState.FAILED;
    }
    if (running != null) {
      return AppState.RUNNING;
    }
    return trouble == null ? AppState.ACTIVATING : AppState.FAILED;
  }

  private @Nullable String detail() {
    var detail = memory.failure() == null ? trouble : memory.failure();
    return detail == null ? null : detail.substring(0, Math.min(detail.length(), 1_000));
  }

  /** Ends the app, for good as far as this agent goes; after {@link #close}. */
  public void stopApp() throws IOException, InterruptedException {
    launcher.stop();
  }

  /** Stops looking after the app and leaves it running. */
  @Override
  public void close() {
    loop.close();
    if (installation != null) {
      try {
        installation.cancel();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Goes on sharing the artifacts that are here. */
  public void share() throws IOException, Refused {
    for (var release : memory.releases().toList()) {
      var manifest = folder.manifest(release.release().build());
      if (manifest.isPresent()) {
        machine.artifacts().share(release, manifest.get());
      }
    }
  }
}
