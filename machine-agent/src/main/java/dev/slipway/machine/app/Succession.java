package dev.slipway.machine.app;

import dev.slipway.common.artifact.Manifest;
import java.io.IOException;
import java.util.Optional;

/** Puts a release that is here in the place of whatever runs. */
final class Succession {
  private final AppFolder folder;
  private final Launcher launcher;
  private final Runnable onEnd;

  /**
   * @param onEnd called when a process that was started ends
   */
  Succession(AppFolder folder, Launcher launcher, Runnable onEnd) {
    this.folder = folder;
    this.launcher = launcher;
    this.onEnd = onEnd;
  }

  /**
   * Lets the release run and waits until it is well. Where its process lives, started by the agent
   * before this one, that one goes on.
   *
   * @return why it is not well; nothing of it runs then
   * @throws Superseded when something newer came meanwhile; its process lives on
   */
  Optional<String> to(Manifest manifest) throws IOException, InterruptedException, Superseded {
    var run = manifest.run();
    var living = launcher.living().filter(process -> process.build() == manifest.job());
    if (run != null && living.isPresent()) {
      return killed(launcher.awaitWell(living.get(), manifest, run));
    }
    launcher.stop();
    folder.switchTo(manifest.job());
    if (run == null) {
      return Optional.empty();
    }
    try {
      return killed(launcher.start(manifest, run, onEnd));
    } catch (IOException e) {
      return killed(Optional.of("the app could not be started: " + e.getMessage()));
    }
  }

  private Optional<String> killed(Optional<String> reason)
      throws IOException, InterruptedException {
    if (reason.isPresent()) {
      launcher.kill();
    }
    return reason;
  }
}
