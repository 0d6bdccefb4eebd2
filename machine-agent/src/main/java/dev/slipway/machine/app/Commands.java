package dev.slipway.machine.app;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.process.ProcessGroup;
import dev.slipway.machine.HostedApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Runs the commands of an app's releases, all in the same surroundings. */
final class Commands {
  private static final Set<String> INHERITED = Set.of("PATH", "LANG", "JAVA_HOME", "HOME");
  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

  private final HostedApp app;
  private final AppFolder folder;

  Commands(HostedApp app, AppFolder folder) {
    this.app = app;
    this.folder = folder;
  }

  /**
   * Starts a command of a release's recipe; its output goes to the app's log.
   *
   * @param note where the process writes down who it is before it does anything else
   */
  ProcessGroup start(String command, Manifest manifest, Path note) throws IOException {
    var release = folder.release(manifest.job());
    var filled =
        command
            .replace("{artifact}", Shell.quote(release.resolve(manifest.fileName()).toString()))
            .replace("{port}", Integer.toString(app.port()));
    return ProcessGroup.start(
        AppProcess.introduction(note, manifest.job()) + filled,
        release,
        environment(manifest),
        ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
  }

  private Map<String, String> environment(Manifest manifest) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("PATH", DEFAULT_PATH);
    System.getenv()
        .forEach((name, value) -> {
          if (INHERITED.contains(name)) {
            environment.put(name, value);
          }
        });
    environment.put("PORT", Integer.toString(app.port()));
    environment.put("SLIPWAY_APP", app.name().value());
    environment.put("SLIPWAY_BUILD", Long.toString(manifest.job()));
    environment.put("SLIPWAY_COMMIT", manifest.commit().value());
    environment.putAll(app.env());
    return environment;
  }
}
