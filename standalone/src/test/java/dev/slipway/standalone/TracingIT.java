package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.trace.LogLines;
import dev.slipway.common.trace.TestCollector;
import dev.slipway.common.trace.TestCollector.Received;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
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

  /** Starts nowhere. */
  private static final String SICK =
      """
      build: {command: 'echo 2 > out', artifact: out}
      deploy: {auto: true}
      run: {start: 'exit 3', health: {http: 'http://localhost:{port}/', within: 5s}}
      """;

  /** What a line is about that must name a span. */
  private static final Pattern OF_A_BUILD = Pattern.compile("(?i)(build|deployment) #?\\d+");

  @Test
  void a_trace_leads_from_the_push_to_the_last_machine() throws Exception {
    try (var collector = new TestCollector()) {
      System.setProperty(ENDPOINT, collector.endpoint().toString());
      // Spring sets up what lines go to, so they are listened to afterwards
      try (var installation = TestInstallation.start();
          var log = new LogLines()) {
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
        assertLinesOfOneThatFailsNameItsSpans(collector, app, log);
        assertLinesNameTheirSpans(spans, build, log);
        assertThat(log.saying(""))
            .filteredOn(line -> OF_A_BUILD.matcher(line.text()).find())
            .isNotEmpty()
            .allSatisfy(line -> assertThat(line.trace()).as("%s", line).isNotNull());
      } finally {
        System.clearProperty(ENDPOINT);
      }
    }
  }

  private static void assertLinesNameTheirSpans(List<Received> spans, long build, LogLines log) {
    assertThat(traces(log.saying("Build " + build + " of traced")))
        .as("worker")
        .containsExactly(idsOf(named(spans, "build/1")));
    assertThat(traces(log.saying("Build #" + build + " is here")))
        .as("regional agents")
        .containsExactlyInAnyOrderElementsOf(
            beginning(spans, "replicate/").stream().map(TracingIT::idsOf).toList());
    assertThat(traces(log.saying("traced runs build " + build)))
        .as("machines")
        .containsExactlyInAnyOrderElementsOf(
            beginning(spans, "machine/").stream().map(TracingIT::idsOf).toList());
  }

  private static void assertLinesOfOneThatFailsNameItsSpans(
      TestCollector collector, TestApp app, LogLines log) throws Exception {
    var build = app.replicated(app.pushRecipe(SICK));
    var deployment =
        Wait.until(
            "the deployment that fails",
            PATIENCE,
            () ->
                collector.spans().stream()
                    .filter(span -> span.name().startsWith("deployment/"))
                    .filter(span -> ("" + build).equals(span.attributes().get("slipway.build")))
                    .findFirst()
                    .orElse(null));
    var id = deployment.name().substring("deployment/".length());
    assertThat(traces(log.saying("Deployment " + id + " of traced failed")))
        .containsExactly(idsOf(deployment));
    assertThat(log.saying("traced cannot run build " + build))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.trace()).startsWith(deployment.traceId()));
  }

  private static List<@Nullable String> traces(List<LogLines.Line> lines) {
    return lines.stream().<@Nullable String>map(LogLines.Line::trace).toList();
  }

  private static String idsOf(Received span) {
    return span.traceId() + " " + span.spanId();
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
