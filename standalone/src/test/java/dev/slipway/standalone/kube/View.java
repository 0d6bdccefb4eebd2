package dev.slipway.standalone.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an overlay is made of: from the files themselves, with generated settings but without its
 * patches and names, which anybody can read; or as kubectl renders it.
 */
record View(String name, List<Manifest> manifests) {
  static final Path FOLDER = Path.of("..", "k8s").toAbsolutePath().normalize();

  /** The global services, which keep nothing that another of their pods does not have. */
  static final List<String> STATELESS =
      List.of("deploy-service", "build-queue-service", "heartbeat-reaper", "replication-checker");

  private static final String RENDERED = ", rendered";
  private static final String KUSTOMIZATION = "kustomization.yaml";

  /** The overlay as its files say. */
  static View ofFiles(String overlay) {
    var manifests = new ArrayList<Manifest>();
    var settings = new LinkedHashMap<String, Map<String, Object>>();
    collect(FOLDER.resolve("overlays").resolve(overlay), manifests, settings);
    settings.forEach((name, data) ->
        manifests.add(
            Manifest.of(
                Map.of(
                    "apiVersion",
                    "v1",
                    "kind",
                    "ConfigMap",
                    "metadata",
                    Map.of("name", name),
                    "data",
                    data))));
    return new View(overlay + ", its files", manifests);
  }

  /** Whether patches and names are as they will be. */
  boolean isRendered() {
    return name.endsWith(RENDERED);
  }

  /** The overlay as kubectl renders it; none where there is no kubectl. */
  static Optional<View> rendered(String overlay) {
    var folder = FOLDER.resolve("overlays").resolve(overlay);
    var builder = new ProcessBuilder("kubectl", "kustomize", folder.toString());
    Process process;
    try {
      process = builder.start();
    } catch (IOException none) {
      return Optional.empty();
    }
    try (var out = process.getInputStream();
        var error = process.getErrorStream()) {
      var text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      var said = new String(error.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0 || !said.isEmpty()) {
        throw new AssertionError("kubectl kustomize " + folder + " says: " + said);
      }
      return Optional.of(new View(overlay + RENDERED, documents(text)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void collect(
      Path folder, List<Manifest> manifests, Map<String, Map<String, Object>> settings) {
    var kustomization = kustomization(folder);
    for (var part : List.of("resources", "components")) {
      Manifest.each(kustomization.path(part))
          .map(name -> folder.resolve(name.asString()).normalize())
          .forEach(file -> {
            if (Files.isDirectory(file)) {
              collect(file, manifests, settings);
            } else {
              manifests.addAll(documents(read(file)));
            }
          });
    }
    for (var generator : kustomization.path("configMapGenerator")) {
      var data =
          settings.computeIfAbsent(
              generator.path("name").asString(), name -> new LinkedHashMap<>());
      Manifest.each(generator.path("literals"))
          .map(literal -> literal.asString().split("=", 2))
          .forEach(literal -> data.put(literal[0], literal[1]));
      Manifest.each(generator.path("files"))
          .forEach(file -> data.put(file.asString(), read(folder.resolve(file.asString()))));
    }
  }

  static JsonNode kustomization(Path folder) {
    return Manifest.of((Map<?, ?>) yaml().load(read(folder.resolve(KUSTOMIZATION)))).json();
  }

  static List<Manifest> documents(String text) {
    return StreamSupport.stream(yaml().loadAll(text).spliterator(), false)
        .map(document -> Manifest.of((Map<?, ?>) document))
        .toList();
  }

  private static Yaml yaml() {
    var options = new LoaderOptions();
    // a key that is there twice is a mistake that kustomize lets pass
    options.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(options));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stream<Manifest> ofKind(String kind) {
    return manifests.stream().filter(manifest -> manifest.kind().equals(kind));
  }

  Optional<Manifest> find(String kind, String name) {
    return ofKind(kind).filter(manifest -> manifest.name().equals(name)).findFirst();
  }

  Stream<Manifest> workloads() {
    return manifests.stream().filter(Manifest::isWorkload);
  }

  /** The workload that a scaler scales. */
  Optional<Manifest> target(Manifest scaler) {
    var target = scaler.spec().path("scaleTargetRef");
    return find(target.path("kind").asString(), target.path("name").asString());
  }

  /** The workloads whose pods a selector takes. */
  List<Manifest> selected(JsonNode selector) {
    return workloads().filter(w -> Selector.takes(selector, w.podLabels())).toList();
  }

  /** A setting that a container is given by name; never one that is not there. */
  JsonNode setting(String map, String key) {
    return find("ConfigMap", map)
        .map(found -> found.json().path("data").path(key))
        .orElseGet(() -> JsonMapper.shared().missingNode());
  }

  @Override
  public String toString() {
    return name;
  }
}
