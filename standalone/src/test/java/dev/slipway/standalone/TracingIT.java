package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.trace.TestCollector;
import dev.slipway.common.trace.TestCollector.Received;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One trace tells of a commit's whole way, over all services. */
@NullMarked
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class TracingIT {
  private static final String ENDPOINT = "slipway.tracing.endpoint";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String RECIPE =
      """
      build: {command: 'echo "parent $TRACEPARENT"; cp Hello.java out', artifact: out}
      deploy: {auto: true}
      """;

  @Test
  void a_trace_leads_from_the_push_to_the_last_machine() throws Exception {
    try (var collector = new TestCollector()) {
      System.setProperty(ENDPOINT, collector.endpoint().toString());
      try (var installation = TestInstallation.start()) {
        var app = installation.app("traced");
        var commit = app.pushRecipe(RECIPE);
        var build = app.replicated(commit);
        var machines = installation.standalone().size().machines();
        var spans =
            Wait.until(
                "the spans of all machines",
                PATIENCE,
                () -> whole(collector.spans(), commit, machines));
        assertNoneIsWithoutItsParent(spans);
        assertEveryStageIsThere(spans, build);
        assertThat(app.log(build))
            .contains("parent 00-" + named(spans, "build/1").traceId() + "-")
            .contains("-" + named(spans, "build/1").spanId() + "-01");
      } finally {
        System.clearProperty(ENDPOINT);
      }
    }
  }

  /** The trace of a commit, once it has the deployment and all machines. */
  private static @Nullable List<Received> whole(List<Received> spans, String commit, int machines) {
    var push =
        spans.stream().filter(s -> commit.equals(s.attributes().get("slipway.commit"))).findFirst();
    if (push.isEmpty()) {
      return null;
    }
    var trace = spans.stream().filter(s -> s.traceId().equals(push.get().traceId())).toList();
    var arrived = trace.stream().filter(s -> s.name().startsWith("machine/")).count();
    return arrived == machines ? trace : null;
  }

  private static void assertNoneIsWithoutItsParent(List<Received> spans) {
    var byId = spans.stream().collect(Collectors.toMap(Received::spanId, Function.identity()));
    assertThat(spans)
        .filteredOn(span -> span.parent() == null)
        .extracting(Received::name)
        .containsExactly("push");
    assertThat(spans)
        .filteredOn(span -> span.parent() != null)
        .allSatisfy(span -> assertThat(byId).as("%s", span).containsKey(span.parent()))
        // by clocks of one host: nothing begins before the push
        .allMatch(span -> !span.from().isBefore(named(spans, "push").from()));
    assertThat(spans).noneMatch(Received::failed);
  }

  private static void assertEveryStageIsThere(List<Received> spans, long build) {
    var push = named(spans, "push");
    for (var name : List.of("queue", "build/1", "replication")) {
      assertThat(named(spans, name).parent()).as(name).isEqualTo(push.spanId());
    }
    for (var step : List.of("checkout", "command", "publish")) {
      assertThat(named(spans, step).parent()).as(step).isEqualTo(named(spans, "build/1").spanId());
    }
    assertThat(named(spans, "build/1").attributes()).containsEntry("slipway.build", "" + build);
    var deployment = beginning(spans, "deployment/");
    assertThat(deployment).hasSize(1);
    assertThat(deployment.getFirst().parent()).isEqualTo(push.spanId());
    assertThat(named(spans, "wave/1").parent()).isEqualTo(deployment.getFirst().spanId());
    for (var region : List.of(TestInstallation.EAST, TestInstallation.WEST)) {
      var replication = named(spans, "replication").spanId();
      assertThat(named(spans, "replicate/" + region).parent()).isEqualTo(replication);
      assertThat(named(spans, "verify/" + region).parent()).isEqualTo(replication);
      assertThat(named(spans, "region/" + region).parent())
          .isEqualTo(deployment.getFirst().spanId());
      assertThat(beginning(spans, "machine/"))
          .filteredOn(machine -> region.value().equals(machine.attributes().get("slipway.region")))
          .isNotEmpty()
          .allMatch(machine ->
              Objects.equals(machine.parent(), named(spans, "region/" + region).spanId()));
    }
    assertThat(spans)
        .extracting(Received::service)
        .contains(
            "build-queue-service",
            "build-worker",
            "regional-agent",
            "replication-checker",
            "deploy-service",
            "machine-agent");
  }

  private static Received named(List<Received> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Received> beginning(List<Received> spans, String name) {
    return spans.stream().filter(span -> span.name().startsWith(name)).toList();
  }
}
