package dev.slipway.machine.app;

import dev.slipway.common.machine.Assignment;
import dev.slipway.machine.artifact.Artifacts;
import dev.slipway.machine.artifact.Manifests;
import dev.slipway.machine.artifact.Progress;
import dev.slipway.machine.artifact.Provenances;
import dev.slipway.machine.artifact.Refused;
import dev.slipway.machine.artifact.Unpacker;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Brings one release to its folder, on a thread of its own, so that it can be given up. */
final class Installation {
  private final Progress progress = new Progress();
  private volatile boolean atLeisure;
  private final FutureTask<Void> task;
  private final Thread thread;

  /** What an installation works with. */
  record Tools(Manifests manifests, Provenances provenances, Artifacts artifacts) {}

  /**
   * Starts it.
   *
   * @param onEnd called when it has ended, however
   */
  static Installation of(Assignment release, AppFolder folder, Tools tools, Runnable onEnd) {
    return new Installation(release, folder, tools, 0, onEnd);
  }

  /** As {@link #of}, slowly, and only where there is room to spare. */
  static Installation ahead(
      Assignment release, AppFolder folder, Tools tools, long bytesPerSecond, Runnable onEnd) {
    return new Installation(release, folder, tools, bytesPerSecond, onEnd);
  }

  private Installation(
      Assignment release, AppFolder folder, Tools tools, long bytesPerSecond, Runnable onEnd) {
    this.atLeisure = bytesPerSecond > 0;
    progress.limit(bytesPerSecond);
    this.task =
        new FutureTask<>(
            () -> {
              try (var _ = release.inLogs()) {
                install(release, folder, tools);
              }
              return null;
            }) {
          @Override
          protected void done() {
            onEnd.run();
          }
        };
    this.thread = Thread.ofVirtual().name("install-" + release.app()).start(task);
  }

  private void install(Assignment release, AppFolder folder, Tools tools)
      throws IOException, InterruptedException, Refused {
    var signed = tools.manifests().fetch(release);
    var manifest = signed.manifest();
    var sworn = tools.provenances().fetch(release, signed);
    tools.provenances().judge(manifest, sworn);
    if (atLeisure) {
      tools.artifacts().requireRoomAhead(manifest);
    }
    var artifact = tools.artifacts().fetch(release, manifest, progress);
    folder.keep(manifest, sworn);
    Unpacker.unpack(manifest, artifact, folder.release(manifest.job()));
  }

  long bytesDone() {
    return progress.bytes();
  }

  /** Goes on at another pace. */
  void limit(long bytesPerSecond) {
    progress.limit(bytesPerSecond);
  }

  /** It is wanted now: goes on as fast as it can. */
  void hurry() {
    atLeisure = false;
    progress.limit(0);
  }

  boolean hasEnded() {
    return task.isDone();
  }

  /** Throws what it ended with. */
  void result() throws IOException, InterruptedException, Refused {
    try {
      task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Refused refused -> throw refused;
        case IOException failed -> throw failed;
        case null, default ->
            throw new IOException("it could not be installed: " + e.getCause(), e);
      }
    }
  }

  /** Gives it up and waits for its end. */
  void cancel() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
