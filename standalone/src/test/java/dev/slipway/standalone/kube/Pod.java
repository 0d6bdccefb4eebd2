package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.standalone.ServiceProcess;
import io.kubernetes.client.custom.Quantity;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The process of a pod's container, looked at and ended as a node would. */
record Pod(Manifest workload, JsonNode container, ServiceProcess process, int port) {
  private static final List<String> PROBES =
      List.of("startupProbe", "livenessProbe", "readinessProbe");

  /** What a process is ended with by the signal TERM. */
  private static final int TERMINATED = 128 + 15;

  /** The memory that a container may take is all that its JVM sees. */
  static String memory(JsonNode container) {
    var limit = container.at("/resources/limits/memory").asString();
    return "-XX:MaxRAM=" + new Quantity(limit).getNumber().toBigInteger();
  }

  /** Waits until all that is asked of it by the cluster is answered well. */
  void awaitWell() throws IOException, InterruptedException {
    var paths =
        Stream.concat(
            PROBES.stream().map(probe -> container.path(probe).at("/httpGet/path")),
            Stream.of(
                workload.json().at("/spec/template/metadata/annotations/prometheus.io~1path")));
    for (var path : paths.map(JsonNode::asString).toList()) {
      process.awaitOk(address().resolve(path));
    }
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Requires that it ends in the time that it has, once it has been asked to. */
  void requireEnd() throws InterruptedException {
    var grace = workload.pod().path("terminationGracePeriodSeconds").asInt();
    var before = container.at("/lifecycle/preStop/sleep/seconds").asInt(0);
    assertThat(process.awaitEnd(Duration.ofSeconds(grace - before)))
        .as("%s ends within %d s", workload, grace - before)
        .isTrue();
    assertThat(process.exitCode()).as(workload.toString()).isEqualTo(TERMINATED);
  }
}
