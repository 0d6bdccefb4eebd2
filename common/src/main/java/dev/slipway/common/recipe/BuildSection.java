package dev.slipway.common.recipe;

import dev.slipway.common.recipe.BuildRecipe.Network;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code build}. */
final class BuildSection {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final int MAX_VARIABLES = 100;
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

  private BuildSection() {}

  static BuildRecipe read(YamlMap build) {
    build.only(List.of("command", "artifact", "timeout", "env", "labels", "network"));
    return new BuildRecipe(
        build.required("command").text(10_000),
        artifact(build.required("artifact")),
        build
            .get("timeout")
            .map(t -> t.duration(Duration.ofSeconds(1), Duration.ofHours(24)))
            .orElse(TIMEOUT),
        build.get("env").map(e -> env(e.map())).orElse(Map.of()),
        build.get("labels").map(LabelKeys::read).orElse(List.of()),
        build.get("network").map(BuildSection::network).orElse(Network.HOST));
  }

  private static Network network(YamlValue value) {
    return switch (value.scalar(100)) {
      case "host" -> Network.HOST;
      case "none" -> Network.NONE;
      default -> throw value.refused("must be host or none");
    };
  }

  private static String artifact(YamlValue value) {
    var path = value.text(1000);
    if (path.startsWith("/")) {
      throw value.refused("must be a path below the checkout, not an absolute one");
    }
    if (List.of(path.split("/")).contains("..")) {
      throw value.refused("must be a path below the checkout, without ..");
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw value.refused("must not hold control characters");
    }
    var normal = normal(value, path);
    if (normal.isEmpty()) {
      throw value.refused("must name a file or a folder below the checkout, not the checkout");
    }
    return normal;
  }

  private static String normal(YamlValue value, String path) {
    try {
      return Path.of(path).normalize().toString();
    } catch (InvalidPathException e) {
      throw value.refused("must be characters that a file's name can have");
    }
  }

  private static Map<String, String> env(YamlMap env) {
    if (env.values().size() > MAX_VARIABLES) {
      throw env.self().refused("must have at most " + MAX_VARIABLES + " variables");
    }
    var variables = new LinkedHashMap<String, String>();
    env.values()
        .forEach((name, value) -> {
          if (!VARIABLE.matcher(name).matches()) {
            throw value.refused("must be a name of letters, digits and _");
          }
          if (name.startsWith("SLIPWAY_")) {
            throw value.refused("is set by Slipway; names that start with SLIPWAY_ are taken");
          }
          variables.put(name, value.scalar(32 << 10));
        });
    return Map.copyOf(variables);
  }
}
