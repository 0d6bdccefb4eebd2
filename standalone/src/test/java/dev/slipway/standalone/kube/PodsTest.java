package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.convert.DurationStyle;

/** What pods may do, keep and outlive. */
class PodsTest {
  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void pods_may_do_nothing_that_they_need_not(View view) {
    assertThat(view.workloads())
        .allSatisfy(workload -> {
          var pod = workload.pod();
          assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
          assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
          assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean(false)).isTrue();
          assertThat(pod.at("/securityContext/seccompProfile/type").asString(""))
              .isEqualTo("RuntimeDefault");
          assertThat(workload.containers())
              .allSatisfy(container -> {
                var context = container.path("securityContext");
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
                assertThat(context.path("readOnlyRootFilesystem").asBoolean(false)).isTrue();
                assertThat(context.at("/capabilities/drop/0").asString("")).isEqualTo("ALL");
                assertThat(container.at("/resources/requests/cpu").isMissingNode()).isFalse();
                assertThat(container.at("/resources/requests/memory").isMissingNode()).isFalse();
                assertThat(container.at("/resources/limits/memory").isMissingNode()).isFalse();
              });
          if (workload.ours().findAny().isPresent()) {
            // as the images are made
            assertThat(pod.at("/securityContext/runAsUser").asInt(0)).isEqualTo(10_001);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void volumes_that_are_mounted_are_there_and_the_other_way_round(View view) {
    assertThat(view.workloads())
        .allSatisfy(workload -> {
          var there = new TreeSet<String>();
          Stream.concat(
                  Manifest.each(workload.pod().path("volumes")).map(v -> v.path("name")),
                  Manifest.each(workload.spec().path("volumeClaimTemplates"))
                      .map(claim -> claim.at("/metadata/name")))
              .forEach(name -> there.add(name.asString()));
          var mounted = new TreeSet<String>();
          workload
              .containers()
              .flatMap(c -> Manifest.each(c.path("volumeMounts")))
              .forEach(mount -> mounted.add(mount.path("name").asString()));
          assertThat(mounted).as(workload + " of " + view).isEqualTo(there);
        });
  }

  @ParameterizedTest
  @MethodSource("dev.slipway.standalone.kube.Overlays#views")
  void pods_are_given_the_time_that_their_services_take_to_stop(View view) {
    for (var workload : view.workloads().filter(Manifest::isServer).toList()) {
      var grace =
          Duration.ofSeconds(workload.pod().path("terminationGracePeriodSeconds").asInt(30));
      for (var container : workload.ours().toList()) {
        var settings = Settings.of(view, container);
        var before = Duration.ofSeconds(container.at("/lifecycle/preStop/sleep/seconds").asInt(0));
        var drain = duration(settings.property("slipway.worker.drain-grace"), Duration.ZERO);
        var requests =
            duration(
                settings.property("spring.lifecycle.timeout-per-shutdown-phase"),
                Duration.ofSeconds(30));
        // the web server's requests, and its loops, each up to ten seconds
        assertThat(grace)
            .as("grace of " + workload + " in " + view)
            .isGreaterThanOrEqualTo(before.plus(drain).plus(requests).plusSeconds(30));
        assertThat(settings.property("server.shutdown")).isEqualTo("graceful");
        if (container.path("readinessProbe").has("httpGet") && drain.isZero()) {
          assertThat(before).as("preStop of " + workload).isPositive();
        }
      }
    }
  }

  private static Duration duration(@Nullable String value, Duration otherwise) {
    return value == null ? otherwise : DurationStyle.detectAndParse(value);
  }

  @Test
  void one_zone_may_die() {
    var view = View.ofFiles("control-plane");
    assertThat(View.STATELESS)
        .allSatisfy(name -> {
          var service = view.find("Deployment", name).orElseThrow();
          assertThat(service.spec().path("replicas").asInt()).isGreaterThanOrEqualTo(2);
          assertThat(
                  service.pod().path("topologySpreadConstraints").findValuesAsString("topologyKey"))
              .contains("topology.kubernetes.io/zone");
          assertThat(service.spec().at("/strategy/rollingUpdate/maxUnavailable").asInt(-1))
              .isZero();
          assertThat(view.find("PodDisruptionBudget", name)).isPresent();
        });
    var agents = View.ofFiles("region").find("StatefulSet", "regional-agent").orElseThrow();
    assertThat(agents.spec().path("replicas").asInt()).isGreaterThanOrEqualTo(2);
  }
}
