package dev.slipway.client.deploy;

import dev.slipway.common.app.AppName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** An app and, perhaps, one of its builds. */
final class AppBuild {
  @Parameters(index = "0", paramLabel = "APP", description = "The app's name.")
  private @Nullable AppName app;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "BUILD",
      description = "The build's number; without it the one that is meant is found.")
  private @Nullable Long build;

  /** For paths. */
  String app() {
    return String.valueOf(app);
  }

  @Nullable Long build() {
    return build;
  }
}
