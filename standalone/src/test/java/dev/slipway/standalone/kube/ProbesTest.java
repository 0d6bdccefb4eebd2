package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Probes, ports and metrics are where the services have them. */
class ProbesTest {
  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void probes_ask_for_what_the_services_answer(View view) {
    for (var workload : view.workloads().toList()) {
      for (var container : workload.ours().toList()) {
        if (!workload.isServer()) {
          assertThat(container.path("ports").findValuesAsString("name")).doesNotContain("http");
          continue;
        }
        var settings = Settings.of(view, container);
        var ports = Manifest.ports(container);
        assertThat(String.valueOf(ports.get("http")))
            .as("port of " + workload)
            .isEqualTo(settings.property("server.port"));
        assertThat(settings.property("management.endpoint.health.probes.enabled"))
            .isEqualTo("true");
        assertThat(settings.property("management.server.port")).isNull();
        assertThat(probe(container, "startupProbe")).isEqualTo("/actuator/health/liveness at http");
        assertThat(probe(container, "livenessProbe"))
            .isEqualTo("/actuator/health/liveness at http");
        assertThat(probe(container, "readinessProbe"))
            .isEqualTo("/actuator/health/readiness at http");
        assertThat(workload.json().at("/spec/template/metadata/annotations/prometheus.io~1port"))
            .as("scraped port of " + workload)
            .hasToString('"' + String.valueOf(ports.get("http")) + '"');
        assertThat(settings.property("management.endpoints.web.exposure.include"))
            .contains("prometheus");
      }
    }
  }

  private static String probe(JsonNode container, String name) {
    var get = container.path(name).path("httpGet");
    return get.path("path").asString("") + " at " + get.path("port").asString("");
  }

  /** While a service waits for its schema nothing listens: nobody may end it before it gives up. */
  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void the_wait_for_the_schema_fits_into_the_start(View view) {
    for (var workload : view.workloads().toList()) {
      for (var container : workload.ours().filter(c -> c.has("startupProbe")).toList()) {
        var settings = Settings.of(view, container);
        if (settings.property("spring.datasource.url") != null) {
          assertThat(settings.property("slipway.schema.migrate")).isEqualTo("false");
          var probe = container.path("startupProbe");
          var patience =
              probe.path("periodSeconds").asInt(10) * probe.path("failureThreshold").asInt(3);
          assertThat(patience).isGreaterThanOrEqualTo(2 * 5 * 60);
        }
      }
    }
  }
}
