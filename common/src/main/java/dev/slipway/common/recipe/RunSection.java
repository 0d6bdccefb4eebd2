package dev.slipway.common.recipe;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Reads {@code run}. */
final class RunSection {
  private static final Duration MOST = Duration.ofHours(1);
  private static final Duration HOOK = Duration.ofSeconds(30);
  private static final Duration HOOK_MOST = Duration.ofMinutes(10);
  private static final Duration HEALTHY_WITHIN = Duration.ofSeconds(60);
  private static final RunRecipe.Stop STOP = new RunRecipe.Stop("TERM", Duration.ofSeconds(30));
  private static final List<String> SIGNALS =
      List.of("TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "WINCH", "KILL");
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  private RunSection() {}

  static RunRecipe read(YamlMap run) {
    run.only(List.of("start", "health", "stop", "before-stop", "after-start"));
    return new RunRecipe(
        run.required("start").text(10_000),
        run.get("health").map(h -> health(h.map())).orElse(null),
        run.get("stop").map(s -> stop(s.map())).orElse(STOP),
        run.get("before-stop").map(h -> hook(h.map())).orElse(null),
        run.get("after-start").map(h -> hook(h.map())).orElse(null));
  }

  private static RunRecipe.Hook hook(YamlMap hook) {
    hook.only(List.of("command", "within"));
    return new RunRecipe.Hook(
        hook.required("command").text(10_000),
        hook.get("within").map(w -> w.duration(Duration.ofSeconds(1), HOOK_MOST)).orElse(HOOK));
  }

  private static RunRecipe.Health health(YamlMap health) {
    health.only(List.of("http", "within"));
    return new RunRecipe.Health(
        local(health.required("http")),
        health
            .get("within")
            .map(w -> w.duration(Duration.ofSeconds(1), MOST))
            .orElse(HEALTHY_WITHIN));
  }

  /** An address elsewhere would let a recipe make every machine call somebody. */
  private static String local(YamlValue value) {
    var text = value.text(1000);
    try {
      var address = new URI(text.replace("{port}", "1"));
      if ("http".equals(address.getScheme())
          && address.getHost() != null
          && LOCAL.contains(address.getHost())
          && address.getUserInfo() == null) {
        return text;
      }
    } catch (URISyntaxException notAnAddress) {
      // refused below, as any other
    }
    throw value.refused("must be an http URL on localhost, as http://localhost:{port}/health");
  }

  private static RunRecipe.Stop stop(YamlMap stop) {
    stop.only(List.of("signal", "within"));
    return new RunRecipe.Stop(
        stop.get("signal").map(RunSection::signal).orElse(STOP.signal()),
        stop.get("within").map(w -> w.duration(Duration.ZERO, MOST)).orElse(STOP.within()));
  }

  private static String signal(YamlValue value) {
    var signal = value.text(100);
    if (!SIGNALS.contains(signal)) {
      throw value.refused("must be one of " + String.join(", ", SIGNALS));
    }
    return signal;
  }
}
