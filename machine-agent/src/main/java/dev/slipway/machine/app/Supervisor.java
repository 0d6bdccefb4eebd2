package dev.slipway.machine.app;

import dev.slipway.common.artifact.Manifest;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.time.Duration;

/**
 * Keeps the current release running, also while the next one is on its way: adopts what lives,
 * starts what has ended, the sooner the longer it was well.
 */
final class Supervisor {
  private static final Duration STABLE = Duration.ofMinutes(1);

  private final AppFolder folder;
  private final Launcher launcher;
  private final Succession succession;
  private final Status status;
  private final Counter starts;
  private final Backoff restart = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(60));
  private long healthySince = System.nanoTime();

  Supervisor(
      AppFolder folder, Launcher launcher, Succession succession, Status status, Counter starts) {
    this.folder = folder;
    this.launcher = launcher;
    this.succession = succession;
    this.status = status;
    this.starts = starts;
  }

  /**
   * Looks after the current release.
   *
   * @param tell tells the region, before what may take long
   */
  void tend(AppMemory memory, Runnable tell) throws IOException, InterruptedException, Superseded {
    var current = memory.current();
    if (current == null || isPendingAlive(memory)) {
      return;
    }
    var found = folder.manifest(current.release().build());
    if (found.isEmpty()) {
      status.runs(null);
      status.suffers("release " + current.release().build() + " is gone from this machine");
      return;
    }
    var manifest = found.get();
    if (manifest.run() == null || isAlive(manifest.job())) {
      isWell(manifest.job(), memory);
      return;
    }
    if (status.isRunning()) {
      status.ends();
      status.suffers("the app has ended and is started again");
    }
    if (restart.isDue()) {
      starts.increment();
      restart.failed();
      tell.run();
      restart(manifest);
    }
  }

  /** The agent before this one died while it was waiting for the target's health. */
  private boolean isPendingAlive(AppMemory memory) throws IOException {
    var pending = memory.pending();
    return pending != null && isAlive(pending.release().build());
  }

  private boolean isAlive(long build) throws IOException {
    return launcher.living().filter(process -> process.build() == build).isPresent();
  }

  private void isWell(long build, AppMemory memory) {
    status.runs(build);
    if (System.nanoTime() - healthySince > STABLE.toNanos()) {
      restart.reset();
    }
    if (memory.pending() == null) {
      status.suffers(null);
    }
  }

  private void restart(Manifest manifest) throws IOException, InterruptedException, Superseded {
    var reason = succession.to(manifest);
    status.suffers(reason.orElse(null));
    if (reason.isEmpty()) {
      status.runs(manifest.job());
      healthySince = System.nanoTime();
    }
  }

  /** A release has just become well, by other hands. */
  void succeeded(long build) {
    status.arrives(build);
    healthySince = System.nanoTime();
    restart.reset();
  }

  /** The next pass starts the release before again, at once. */
  void goBack() {
    restart.reset();
  }

  /** Ends a target that has a process but is no longer wanted. */
  void end(long build) throws IOException, InterruptedException {
    if (isAlive(build)) {
      launcher.kill();
    }
  }
}
