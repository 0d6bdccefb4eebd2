package dev.slipway.queue.push;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.trace.TestCollector;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Tracer;
import dev.slipway.common.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A commit's trace begins with its push. */
class EnqueuerTest {
  private static final AppName APP = new AppName("hello");

  private final TestDatabase database = TestDatabase.create();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Clock clock = new TestClock();

  @BeforeEach
  void register() {
    database
        .jdbc()
        .sql(
            "insert into app (name, repository, webhook_secret) values ('hello', 'r', '0123456789abcdef')")
        .update();
  }

  private void push(Traces traces, @Nullable TraceParent caller) {
    var pushes =
        new PushStore(
            database.dataSource(),
            new TransactionTemplate(new JdbcTransactionManager(database.dataSource())));
    new Enqueuer(
            pushes, new Notices(new NoticeStore(database.jdbc()), meters), traces, clock, meters)
        .enqueue(
            Candidate.found(APP, new CommitSha(sha(1)), "master", FoundBy.WEBHOOK),
            new Arrival(clock.instant(), caller));
  }

  private TraceParent kept() {
    var text = database.jdbc().sql("select trace_parent from job").query(String.class).single();
    return TraceParent.parse(text).orElseThrow();
  }

  @Test
  void a_push_is_the_first_span_and_a_second_delivery_is_none() throws Exception {
    try (var collector = new TestCollector()) {
      try (var traces = Traces.by(Tracer.to(collector.endpoint(), meters))) {
        push(traces, null);
        push(traces, null);
      }
      assertThat(collector.spans()).hasSize(1);
      var span = collector.spans().getFirst();
      assertThat(new TraceParent(span.traceId(), span.spanId(), true)).isEqualTo(kept());
      assertThat(span.parent()).isNull();
      assertThat(span.attributes())
          .containsEntry("slipway.app", "hello")
          .containsEntry("slipway.commit", sha(1))
          .containsEntry("slipway.found_by", "WEBHOOK");
    }
  }

  @Test
  void who_pushes_and_traces_too_sees_it_in_their_own_trace() throws Exception {
    var caller = TraceParent.start(true);
    try (var collector = new TestCollector()) {
      try (var traces = Traces.by(Tracer.to(collector.endpoint(), meters))) {
        push(traces, caller);
      }
      var span = collector.spans().getFirst();
      assertThat(span.parent()).isEqualTo(caller.spanId());
      assertThat(kept().traceId()).isEqualTo(caller.traceId());
      assertThat(kept().spanId()).isEqualTo(span.spanId()).isNotEqualTo(caller.spanId());
    }
  }

  @Test
  void without_tracing_the_job_has_a_trace_that_nobody_tells_of() {
    push(Traces.OFF, TraceParent.start(true));
    assertThat(kept().recorded()).isFalse();
  }
}
