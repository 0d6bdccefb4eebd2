package dev.slipway.standalone.kube;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The volumes of a pod as folders of this host, with what is in them. */
final class PodFiles {
  private final Path folder;

  private PodFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes them.
   *
   * @param secrets what is in each secret, by its name: each key's value
   */
  static PodFiles make(
      Path folder, View view, Manifest workload, Function<String, Map<String, String>> secrets)
      throws IOException {
    var files = new PodFiles(folder);
    for (var claim : workload.spec().path("volumeClaimTemplates")) {
      files.volume(claim.at("/metadata/name").asString());
    }
    for (var volume : workload.pod().path("volumes")) {
      var there = files.volume(volume.path("name").asString());
      for (var file : content(view, volume, secrets).entrySet()) {
        Files.writeString(there.resolve(file.getKey()), file.getValue());
      }
    }
    return files;
  }

  private static Map<String, String> content(
      View view, JsonNode volume, Function<String, Map<String, String>> secrets) {
    if (volume.has("secret")) {
      return secrets.apply(volume.at("/secret/secretName").asString());
    }
    if (volume.has("configMap")) {
      return view
          .find("ConfigMap", volume.at("/configMap/name").asString())
          .orElseThrow()
          .json()
          .path("data")
          .properties()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, file -> file.getValue().asString()));
    }
    return Map.of();
  }

  private Path volume(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /** A text in which the paths that a container sees are those of this host. */
  String local(JsonNode container, String text) {
    var places = new HashMap<String, String>();
    for (var mount : container.path("volumeMounts")) {
      places.put(
          mount.path("mountPath").asString(),
          folder.resolve(mount.path("name").asString()).toString());
    }
    // the longest first, each only where a path begins and a name ends
    var paths =
        places.keySet().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile("(?<![\\w./-])(" + paths + ")(?![\\w.-])")
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(String.valueOf(places.get(found.group(1)))));
  }
}
