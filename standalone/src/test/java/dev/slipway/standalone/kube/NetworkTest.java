package dev.slipway.standalone.kube;

import static dev.slipway.standalone.kube.Network.End;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may call whom. */
class NetworkTest {
  @Test
  void the_control_plane_lets_in_whom_it_needs_and_nobody_else() {
    requireGuarded(View.ofFiles("control-plane"));
  }

  static void requireGuarded(View view) {
    var network = new Network(view);
    var web = End.in("ingress-nginx");
    var monitoring = End.in("monitoring");
    var worker = End.pod("build-worker");
    var reaper = End.pod("heartbeat-reaper");
    var deploy = End.pod("deploy-service");
    assertThat(network.allows(web, deploy, 8080)).isTrue();
    assertThat(network.allows(web, End.pod("build-queue-service"), 8081)).isTrue();
    assertThat(network.allows(web, End.pod("replication-checker"), 8083)).isTrue();
    assertThat(network.allows(worker, reaper, 8082)).isTrue();
    assertThat(network.allows(deploy, monitoring, 9090)).isTrue();
    assertThat(network.allows(deploy, End.pod("replication-checker"), 8083)).isTrue();
    for (var service : View.STATELESS) {
      assertThat(network.allows(End.pod(service), End.internet(), 5432)).isTrue();
    }
    assertThat(network.allows(End.pod("migrate"), End.internet(), 5432)).isTrue();
    for (var port : List.of(443, 5432, 22)) {
      assertThat(network.allows(worker, End.internet(), port)).isTrue();
    }

    assertThat(network.allows(web, End.pod("anything-else"), 80)).isFalse();
    assertThat(network.allows(End.pod("anything-else"), End.internet(), 443)).isFalse();
    assertThat(network.allows(web, reaper, 8082)).isFalse();
    assertThat(network.allows(web, worker, 8084)).isFalse();
    assertThat(network.allows(deploy, reaper, 8082)).isFalse();
    assertThat(network.allows(worker, deploy, 8080)).isFalse();
    assertThat(network.allows(End.in("default"), deploy, 8080)).isFalse();
    assertThat(network.allows(End.internet(), deploy, 8080)).isFalse();
    assertThat(network.allows(reaper, End.internet(), 443)).isFalse();
    assertThat(network.allows(End.pod("migrate"), End.internet(), 443)).isFalse();
  }

  @Test
  void a_region_lets_in_its_machines_and_peers() {
    var network = new Network(View.ofFiles("region"));
    var agent = End.pod("regional-agent");
    var machine = End.pod("machine-agent");
    assertThat(network.allows(machine, agent, 8090)).isTrue();
    assertThat(network.allows(machine, agent, 6881)).isTrue();
    assertThat(network.allows(machine, machine, 6882)).isTrue();
    assertThat(network.allows(agent, machine, 6882)).isTrue();
    assertThat(network.allows(End.internet(), agent, 6881)).isTrue();
    assertThat(network.allows(agent, End.internet(), 6881)).isTrue();
    assertThat(network.allows(agent, End.internet(), 443)).isTrue();
    assertThat(network.allows(End.internet(), machine, 8000)).isTrue();

    assertThat(network.allows(End.internet(), agent, 8090)).isFalse();
    assertThat(network.allows(End.in("default"), agent, 8090)).isFalse();
    assertThat(network.allows(agent, End.internet(), 5432)).isFalse();
    assertThat(network.allows(End.internet(), machine, 6882)).isFalse();
  }

  @Test
  void the_small_one_reaches_what_is_elsewhere_in_others() {
    var network = new Network(View.ofFiles("dev"));
    var agent = End.pod("regional-agent");
    assertThat(network.allows(agent, End.pod("deploy-service"), 8080)).isTrue();
    assertThat(network.allows(agent, End.pod("replication-checker"), 8083)).isTrue();
    assertThat(network.allows(End.pod("migrate"), End.pod("postgresql"), 5432)).isTrue();
    assertThat(network.allows(agent, End.pod("heartbeat-reaper"), 8082)).isFalse();
    assertThat(network.allows(agent, End.pod("postgresql"), 5432)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void ports_that_are_opened_are_listened_on_and_scraped_ones_are_opened(View view) {
    var network = new Network(view);
    for (var policy : view.ofKind("NetworkPolicy").toList()) {
      var there =
          view.selected(policy.spec().path("podSelector")).stream()
              .flatMap(Network::listens)
              .toList();
      assertThat(there).as(policy.toString()).containsAll(Network.opened(policy));
    }
    for (var policy : view.ofKind("NetworkPolicy").toList()) {
      for (var from : policy.spec().findValues("from")) {
        for (var labels : from.findValues("matchLabels")) {
          assertThat(labels.has("slipway.dev/machine"))
              .as("%s lets in one kind of machines alone", policy)
              .isFalse();
        }
      }
    }
    for (var workload : view.workloads().toList()) {
      var scraped =
          workload.json().at("/spec/template/metadata/annotations/prometheus.io~1port").asInt(0);
      if (scraped != 0) {
        assertThat(network.allows(End.in("monitoring"), End.pod(workload.name()), scraped))
            .as("metrics of " + workload)
            .isTrue();
      }
    }
  }
}
