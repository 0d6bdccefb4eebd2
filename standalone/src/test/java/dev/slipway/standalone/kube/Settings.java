package dev.slipway.standalone.kube;

import dev.slipway.standalone.ServiceSettings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a container of a service is told by its environment and arguments. */
final class Settings {
  /** As long as the longest secret that a service asks for, and no text that it refuses. */
  private static final String SECRET = "s".repeat(40);

  /** A cluster that has every secret. */
  private static final Variables.Cluster SOMEWHERE =
      new Variables.Cluster() {
        @Override
        public String secret(String name, String key) {
          return SECRET;
        }

        @Override
        public String field(String path) {
          return path.contains("IP") ? "10.0.0.1" : "pod-0";
        }
      };

  private final String where;
  private final Variables variables;
  private final ServiceSettings settings;

  private Settings(View view, JsonNode container) {
    var module = Manifest.module(container);
    this.where = view + ", " + module + ": ";
    this.variables = Variables.of(view, container, SOMEWHERE);
    this.settings =
        new ServiceSettings(
            module, arguments(container), new HashMap<>(variables.values()), Map.of());
  }

  static Settings of(View view, JsonNode container) {
    return new Settings(view, container);
  }

  private static Map<String, Object> arguments(JsonNode container) {
    return Manifest.each(container.path("args"))
        .map(JsonNode::asString)
        .filter(argument -> argument.matches("--slipway\\..*=.*"))
        .map(argument -> argument.substring(2).split("=", 2))
        .collect(Collectors.toMap(argument -> argument[0], argument -> argument[1]));
  }

  /** The files of a service's own that variables name. */
  Stream<String> files() {
    return variables.values().values().stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .filter(value -> value.startsWith("/etc/slipway/"));
  }

  /** What its built-in settings and these make of a property. */
  @Nullable String property(String name) {
    return settings.property(name);
  }

  /** What is wrong; nothing when the service would start with it. */
  List<String> problems() {
    return Stream.concat(variables.problems().stream(), settings.problems().stream())
        .map(problem -> where + problem)
        .toList();
  }
}
