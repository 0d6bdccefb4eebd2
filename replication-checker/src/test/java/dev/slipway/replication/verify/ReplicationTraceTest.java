package dev.slipway.replication.verify;

import static dev.slipway.replication.Copies.BYTES;
import static dev.slipway.replication.Copies.EU;
import static dev.slipway.replication.Copies.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.trace.TestCollector;
import dev.slipway.common.trace.TestCollector.Received;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Tracer;
import dev.slipway.common.trace.Traces;
import dev.slipway.replication.Copies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trace tells of copies. */
@NullMarked
class ReplicationTraceTest {
  private final Copies copies;
  private final TraceParent push = TraceParent.start(true);

  ReplicationTraceTest(@TempDir Path folder) throws IOException {
    copies = new Copies(folder);
    copies.holds(EU, BYTES);
    copies.holds(US, BYTES);
    // all by one clock
    copies
        .jdbc
        .sql(
            """
            with changed as (
              update replica set status = 'VERIFIED', present_at = now() - interval '5 seconds',
                verified_at = now() - interval '2 seconds'
            )
            update job set trace_parent = :push, finished_at = now() - interval '9 seconds', replicated_at = now()
            """)
        .param("push", push.toString())
        .update();
  }

  private List<Received> told() throws IOException {
    try (var collector = new TestCollector()) {
      var meters = new SimpleMeterRegistry();
      try (var traces = Traces.by(Tracer.to(collector.endpoint(), meters))) {
        new ReplicationTrace(copies.replicas, traces).tell(copies.job);
      }
      return collector.spans();
    }
  }

  private static long millis(Received span) {
    return span.until().toEpochMilli() - span.from().toEpochMilli();
  }

  @Test
  void each_regions_copy_is_a_part_of_the_whole_with_its_own_times() throws IOException {
    var spans = told();
    assertThat(spans)
        .extracting(Received::name)
        .containsExactlyInAnyOrder(
            "replication", "replicate/" + EU, "verify/" + EU, "replicate/" + US, "verify/" + US);
    var whole = spans.getFirst();
    assertThat(whole.name()).isEqualTo("replication");
    assertThat(whole.parent()).isEqualTo(push.spanId());
    assertThat(millis(whole)).isEqualTo(9_000);
    assertThat(spans.subList(1, 5))
        .allMatch(span -> whole.spanId().equals(span.parent()))
        .allMatch(span -> millis(span) == (span.name().startsWith("verify") ? 3_000 : 4_000));
  }

  @Test
  void a_build_of_before_there_were_traces_is_passed_over() throws IOException {
    copies.jdbc.sql("update job set trace_parent = null").update();
    assertThat(told()).isEmpty();
  }
}
