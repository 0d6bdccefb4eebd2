package dev.slipway.queue;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.trace.TraceParent;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who traces, too, and has a commit built sees the build in their own trace. */
@NullMarked
class CallersTraceTest {
  private static final String SECRET = "a-secret-of-the-forge";
  private static final String REPOSITORIES = "https://git.example.com/traced/";

  private final TestQueue queue = TestQueue.shared();
  private final String app = queue.app(REPOSITORIES, SECRET);

  private long asked(int commit, List<String> traceparents) {
    var body = "{\"app\": \"%s\", \"commit\": \"%s\"}".formatted(app, sha(commit));
    var request =
        queue
            .as(Role.DEPLOYER, "/api/v1/jobs")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    traceparents.forEach(header -> request.header("traceparent", header));
    var answer = queue.send(request);
    assertThat(answer.status()).isEqualTo(201);
    return answer.json().path("job").asLong();
  }

  private long delivered(int commit, List<String> traceparents) {
    var body =
        """
        {"ref": "refs/heads/master", "before": "%s", "after": "%s",
         "repository": {"clone_url": "%s"}, "head_commit": {"timestamp": "2026-01-31T12:00:00Z"}}
        """
            .formatted(sha(commit - 1), sha(commit), REPOSITORIES + app);
    var request =
        queue
            .request("/webhooks/github")
            .header("X-GitHub-Event", "push")
            .header("X-GitHub-Delivery", app + commit)
            .header("X-Hub-Signature-256", "sha256=" + Secrets.hmac(SECRET, body))
            .POST(BodyPublishers.ofString(body));
    traceparents.forEach(header -> request.header("traceparent", header));
    var answer = queue.send(request);
    assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
    return answer.json().path("job").asLong();
  }

  private TraceParent traceOf(long job) {
    return TraceParent.parse(
            queue
                .jdbc()
                .sql("select trace_parent from job where id = :job")
                .param("job", job)
                .query(String.class)
                .single())
        .orElseThrow();
  }

  @Test
  void a_build_is_a_part_of_the_trace_of_who_asked_for_it() {
    var caller = TraceParent.start(true);
    for (var job :
        List.of(asked(1, List.of(caller.toString())), delivered(2, List.of(caller.toString())))) {
      assertThat(traceOf(job).traceId()).isEqualTo(caller.traceId());
      assertThat(traceOf(job).spanId()).as("a span of its own").isNotEqualTo(caller.spanId());
    }
  }

  static List<List<String>> hostile() {
    var valid = TraceParent.start(true).toString();
    return List.of(
        List.of(""),
        List.of("'; drop table job; --"),
        List.of(valid.toUpperCase(java.util.Locale.ROOT)),
        List.of(valid + "-" + "x".repeat(7_000)),
        List.of("01" + valid.substring(2) + "-" + "x".repeat(7_000)),
        List.of(valid.replaceAll("-[0-9a-f]{32}-", "-" + "0".repeat(32) + "-")),
        List.of(valid, TraceParent.start(true).toString()));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void what_is_no_place_in_a_trace_is_passed_over(List<String> traceparents) {
    for (var job : List.of(asked(1, traceparents), delivered(2, traceparents))) {
      assertThat(traceparents).noneMatch(header -> header.contains(traceOf(job).traceId()));
    }
  }
}
