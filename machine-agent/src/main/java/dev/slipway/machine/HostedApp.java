package dev.slipway.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An app that this machine is there for.
 *
 * @param port that the app is told to listen on, 1 to 65,535
 * @param env added to the app's environment
 * @param repository that it is built from, or a pattern as in {@link ProvenancePolicy}; none: as
 *     for all apps
 */
public record HostedApp(
    AppName name, int port, Map<String, String> env, @Nullable String repository) {
  public HostedApp {
    InvalidInput.unless(
        port >= 1 && port <= 65_535, "apps." + name + ".port", "must be 1 to 65535");
    for (var variable : env.entrySet()) {
      InvalidInput.unless(
          variable.getKey().matches("[A-Za-z_][A-Za-z0-9_]{0,254}"),
          "apps." + name + ".env",
          "must have names of letters, digits and underscores");
      InvalidInput.unless(
          variable.getValue().indexOf('\0') < 0 && variable.getValue().length() <= 32_768,
          "apps." + name + ".env." + variable.getKey(),
          "must be at most 32768 characters without NUL");
    }
    env = Map.copyOf(env);
  }

  /** One that is told no repository of its own. */
  public HostedApp(AppName name, int port, Map<String, String> env) {
    this(name, port, env, null);
  }
}
