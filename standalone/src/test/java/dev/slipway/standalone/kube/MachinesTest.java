package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes that are machines: what each of them knows of itself. */
class MachinesTest {
  private static final String ZONE = "metadata.labels['topology.kubernetes.io/zone']";

  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void a_machine_is_called_as_its_node_and_stands_in_its_zone(View view, @TempDir Path folder)
      throws Exception {
    requireOwn(view, folder);
  }

  static void requireOwn(View view, Path folder) throws Exception {
    for (var workload : view.workloads().filter(Manifest::isMachine).toList()) {
      var told = told(view, workload, new Node("node-7", "eu-west-b"), folder.resolve("new"));
      assertThat(told)
          .containsEntry("slipway.machine.id", "node-7")
          .containsEntry("slipway.machine.zone", "eu-west-b");
    }
  }

  /** As every cluster does before 1.35, and one whose nodes have no such label. */
  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void where_pods_do_not_know_their_zone_all_machines_stand_in_one(View view, @TempDir Path folder)
      throws Exception {
    for (var workload : view.workloads().filter(Manifest::isMachine).toList()) {
      var told = told(view, workload, new Node("node-7", ""), folder.resolve("old"));
      assertThat(told).containsEntry("slipway.machine.zone", "default");
    }
  }

  @Test
  void a_node_is_of_one_kind_and_its_kind_has_labels(@TempDir Path folder) throws Exception {
    var region = View.ofFiles("region").find("DaemonSet", "machine-agent").orElseThrow();
    assertThat(region.pod().at("/nodeSelector/slipway.dev~1machine").asString()).isEqualTo("true");
    for (var view : Overlays.views()) {
      if (view.name().startsWith("canary")) {
        for (var canary : view.workloads().toList()) {
          assertThat(told(view, canary, new Node("node-8", "eu-west-a"), folder.resolve("canary")))
              .containsEntry("slipway.machine.labels", "canary");
          if (view.isRendered()) {
            assertThat(canary.pod().at("/nodeSelector").toString())
                .isEqualTo("{\"slipway.dev/machine\":\"canary\"}");
            assertThat(canary.name()).isNotEqualTo(region.name());
          }
        }
      }
    }
  }

  /** What comes of a pod's settings before its agent starts. */
  private static Map<Object, Object> told(View view, Manifest workload, Node node, Path folder)
      throws Exception {
    var configure = workload.pod().at("/initContainers/0");
    var agent = workload.pod().at("/containers/0");
    var files = PodFiles.make(folder, view, workload, secret -> Map.of());
    var variables = Variables.of(view, configure, node);
    assertThat(variables.problems()).isEmpty();
    var command =
        Manifest.each(configure.path("command"))
            .map(word -> files.local(configure, word.asString()))
            .toArray(String[]::new);
    var process = new ProcessBuilder(command).inheritIO();
    process.environment().putAll(variables.values());
    assertThat(process.start().waitFor()).isZero();
    return properties(Path.of(files.local(agent, agent.at("/args/1").asString())));
  }

  private static Properties properties(Path file) throws IOException {
    var properties = new Properties();
    properties.load(new StringReader(Files.readString(file)));
    return properties;
  }

  /** A pod's node; its zone is the pod's label. */
  private record Node(String name, String zone) implements Variables.Cluster {
    @Override
    public @Nullable String secret(String secret, String key) {
      return null;
    }

    @Override
    public @Nullable String field(String path) {
      return switch (path) {
        case "spec.nodeName", "metadata.name" -> name;
        case ZONE -> zone;
        default -> null;
      };
    }
  }
}
