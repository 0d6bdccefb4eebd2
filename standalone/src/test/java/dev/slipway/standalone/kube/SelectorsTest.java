package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever names pods, services and accounts means some that are there. */
class SelectorsTest {
  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void selectors_take_the_pods_that_they_mean(View view) {
    for (var workload : view.workloads().filter(w -> !w.kind().equals("Job")).toList()) {
      assertThat(view.selected(workload.spec().path("selector")))
          .as(workload + " takes its own pods alone")
          .containsExactly(workload);
      Manifest.each(workload.pod().path("topologySpreadConstraints"))
          .forEach(spread ->
              assertThat(view.selected(spread.path("labelSelector"))).containsExactly(workload));
      assertThat(account(view, workload)).as("account of " + workload).isTrue();
    }
    for (var budget : view.ofKind("PodDisruptionBudget").toList()) {
      assertThat(view.selected(budget.spec().path("selector"))).as(budget.toString()).hasSize(1);
    }
    for (var service : view.ofKind("Service").toList()) {
      var taken = view.workloads().filter(w -> takes(service, w)).toList();
      assertThat(taken).as(service.toString()).hasSize(1);
      for (var port : service.spec().path("ports")) {
        assertThat(
                taken.getFirst().containers().flatMap(c -> Manifest.ports(c).entrySet().stream()))
            .as(service + " leads to a port that is listened on")
            .contains(Map.entry(port.path("targetPort").asString(), port.path("port").asInt()));
      }
    }
    for (var policy : view.ofKind("NetworkPolicy").toList()) {
      assertThat(view.selected(policy.spec().path("podSelector")))
          .as(policy.toString())
          .isNotEmpty();
    }
    for (var set : view.ofKind("StatefulSet").toList()) {
      assertThat(view.find("Service", set.spec().path("serviceName").asString()))
          .as("service of " + set)
          .isPresent();
    }
    for (var kind : List.of("ScaledObject", "HorizontalPodAutoscaler")) {
      assertThat(view.ofKind(kind)).allSatisfy(s -> assertThat(view.target(s)).isPresent());
    }
  }

  private static boolean account(View view, Manifest workload) {
    var name = workload.pod().path("serviceAccountName").asString("");
    return name.isEmpty() || view.find("ServiceAccount", name).isPresent();
  }

  private static boolean takes(Manifest service, Manifest workload) {
    return service.spec().path("selector").properties().stream()
        .allMatch(label -> label.getValue().equals(workload.podLabels().path(label.getKey())));
  }

  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void the_ingress_leads_to_services(View view) {
    for (var ingress : view.ofKind("Ingress").toList()) {
      var hosts = new TreeSet<String>();
      ingress
          .spec()
          .path("tls")
          .forEach(t -> t.path("hosts").forEach(h -> hosts.add(h.asString())));
      for (var rule : ingress.spec().path("rules")) {
        assertThat(hosts).as("TLS of " + ingress).contains(rule.path("host").asString());
        for (var path : rule.at("/http/paths")) {
          var backend = path.at("/backend/service");
          var service = view.find("Service", backend.path("name").asString());
          assertThat(service).as(backend.toString()).isPresent();
          assertThat(service.orElseThrow().spec().path("ports").findValuesAsString("name"))
              .contains(backend.at("/port/name").asString());
        }
      }
    }
  }
}
