package dev.slipway.standalone.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The repository's {@code docker-compose.yml}, read with its anchors and merges resolved. */
final class ComposeFile {
  /** The repository's root, seen from this module. */
  static final Path ROOT = Path.of("..");

  private final Map<String, Service> services = new LinkedHashMap<>();
  private final List<String> volumes;

  private ComposeFile(Map<?, ?> file) {
    map(file, "services")
        .forEach((name, service) ->
            services.put(text(name), new Service(text(name), (Map<?, ?>) service)));
    volumes = map(file, "volumes").keySet().stream().map(ComposeFile::text).toList();
  }

  static ComposeFile read() throws IOException {
    var options = new LoaderOptions();
    options.setMaxAliasesForCollections(1_000);
    try (var in = Files.newBufferedReader(ROOT.resolve("docker-compose.yml"))) {
      return new ComposeFile(new Yaml(new SafeConstructor(options)).load(in));
    }
  }

  Map<String, Service> services() {
    return services;
  }

  Service service(String name) {
    return Objects.requireNonNull(services.get(name), name);
  }

  /** How a service's image is built: once, by the first of those that share it. */
  Build build(Service service) {
    var builders =
        services.values().stream()
            .filter(s -> s.image().equals(service.image()) && !s.build().isEmpty())
            .toList();
    if (builders.size() != 1) {
      throw new AssertionError(builders.size() + " services build " + service.image());
    }
    return new Build(builders.getFirst().build());
  }

  /** An image's build. */
  record Build(Map<?, ?> settings) {
    String target() {
      return text(settings.get("target"));
    }

    String argument(String name) {
      return text(map(settings, "args").get(name));
    }
  }

  /** Names of the volumes that are declared. */
  List<String> volumes() {
    return volumes;
  }

  /** One service of the file. */
  record Service(String name, Map<?, ?> settings) {
    Map<String, String> environment() {
      var all = new LinkedHashMap<String, String>();
      map(settings, "environment").forEach((key, value) -> all.put(text(key), text(value)));
      return all;
    }

    /** Settings on the command line. */
    Map<String, Object> arguments() {
      var all = new LinkedHashMap<String, Object>();
      for (var word : list("command")) {
        var parts = word.split("=", 2);
        if (parts.length == 2 && parts[0].startsWith("--")) {
          all.put(parts[0].substring("--".length()), parts[1]);
        }
      }
      return all;
    }

    /** Where each volume or folder is mounted, by its name; {@code :ro} left away. */
    Map<String, String> mounts() {
      var all = new LinkedHashMap<String, String>();
      for (var mount : list("volumes")) {
        var parts = mount.split(":", -1);
        if (parts.length > 1) {
          all.put(parts[0], parts[1]);
        }
      }
      return all;
    }

    List<String> list(String key) {
      var all = new ArrayList<String>();
      if (settings.get(key) instanceof List<?> values) {
        values.forEach(value -> all.add(text(value)));
      }
      return all;
    }

    /** The services that it waits for, and for what. */
    Map<String, String> after() {
      var all = new LinkedHashMap<String, String>();
      if (settings.get("depends_on") instanceof Map<?, ?> conditions) {
        conditions.forEach(
            (name, how) -> all.put(text(name), text(((Map<?, ?>) how).get("condition"))));
      }
      return all;
    }

    String image() {
      return text(settings.get("image"));
    }

    /** How its image is built; nothing where another service builds it, or nobody. */
    Map<?, ?> build() {
      return map(settings, "build");
    }
  }

  private static Map<?, ?> map(Map<?, ?> of, String key) {
    return of.get(key) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(@Nullable Object value) {
    return String.valueOf(value);
  }
}
