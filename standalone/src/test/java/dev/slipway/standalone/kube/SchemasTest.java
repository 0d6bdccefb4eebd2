package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Manifests are well formed by Kubernetes' schemas, and none is forgotten. */
class SchemasTest {
  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void every_manifest_is_what_its_schema_says(View view) {
    assertThat(view.manifests()).isNotEmpty();
    assertThat(view.manifests().stream().flatMap(m -> Schemas.problems(m).stream())).isEmpty();
    assertThat(view.manifests()).extracting(m -> m.kind() + " " + m.name()).doesNotHaveDuplicates();
    assertThat(view.ofKind("Secret")).as("secrets in the repository").isEmpty();
  }

  /** The other component, which no overlay takes. */
  @Test
  void the_plain_autoscaler_is_what_its_schema_says() {
    var file = View.FOLDER.resolve("components/hpa/workers.yaml");
    var manifests = View.documents(View.read(file));
    assertThat(manifests.stream().flatMap(m -> Schemas.problems(m).stream())).isEmpty();
    assertThat(manifests)
        .allSatisfy(hpa -> assertThat(View.ofFiles("control-plane").target(hpa)).isPresent());
  }

  @Test
  void every_file_is_part_of_something() throws IOException {
    var named = new HashSet<Path>();
    var there = new HashSet<Path>();
    try (var files = Files.walk(View.FOLDER)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (file.endsWith("kustomization.yaml")) {
          kustomization(file, named);
        } else if (!file.toString().endsWith(".sql")) {
          there.add(file);
        }
      }
    }
    assertThat(named).containsExactlyInAnyOrderElementsOf(there);
  }

  private static void kustomization(Path file, Set<Path> named) {
    var folder = file.resolveSibling("");
    var content = View.kustomization(folder);
    assertThat(content.propertyNames())
        .as(file.toString())
        .isSubsetOf(
            "apiVersion",
            "kind",
            "namespace",
            "nameSuffix",
            "resources",
            "components",
            "labels",
            "configMapGenerator",
            "replicas",
            "patches",
            "images");
    var names =
        Stream.of(
                Manifest.each(content.path("resources")),
                Manifest.each(content.path("patches")).map(patch -> patch.path("path")),
                Manifest.each(content.path("configMapGenerator"))
                    .flatMap(generator -> Manifest.each(generator.path("files"))))
            .flatMap(Function.identity())
            .map(JsonNode::asString);
    names
        .map(name -> folder.resolve(name).normalize())
        .filter(each -> !Files.isDirectory(each))
        .forEach(named::add);
  }
}
