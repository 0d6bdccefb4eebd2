package dev.slipway.reaper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.heartbeat.Heartbeat;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.trace.TestCollector;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Tracer;
import dev.slipway.common.trace.Traces;
import dev.slipway.reaper.HeartbeatStore.Hold;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
class ReaperTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final JdbcClient jdbc = TestDatabase.create().jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final HeartbeatStore heartbeats = new HeartbeatStore(jdbc);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Reaper reaper =
      new Reaper(
          new LostJobStore(jdbc), new NoticeStore(jdbc), attendance(), TIMEOUT, Traces.OFF, meters);

  @BeforeEach
  void an_app() {
    rows.app("hello");
  }

  /** One that was there for a time-out already, on the database's clock. */
  private Attendance attendance() {
    var attendance = new Attendance(TIMEOUT);
    var now = new LostJobStore(jdbc).now();
    for (var passed = 60; passed >= 0; passed -= 5) {
      attendance.mayJudge(now.minusSeconds(passed));
    }
    return attendance;
  }

  @Test
  void a_job_without_heartbeats_goes_back_to_the_queue() {
    var job = rows.running("hello", "w1");
    silentFor(job, 61);
    var lost = meters.get("slipway.reaper.lost").tag("becomes", "QUEUED").counter();
    assertThat(lost.count()).as("shown before there is one").isZero();
    assertThat(reaper.runOnce()).isTrue();
    assertThat(lost.count()).isEqualTo(1);
    assertThat(status(job)).isEqualTo("QUEUED");
    assertThat(jdbc.sql("select outcome from job_attempt").query(String.class).single())
        .isEqualTo("LOST");
    assertThat(beat(job, 1, "w1")).isEqualTo(Hold.LOST);
  }

  @Test
  void a_lost_attempt_is_told_in_the_place_of_its_worker() throws Exception {
    var push = TraceParent.start(true);
    var job = rows.running("hello", "w1");
    jdbc.sql("update job set trace_parent = :push, started_at = now() - interval '90 seconds'")
        .param("push", push.toString())
        .update();
    silentFor(job, 61);
    try (var collector = new TestCollector()) {
      try (var traces = Traces.by(Tracer.to(collector.endpoint(), meters))) {
        new Reaper(
                new LostJobStore(jdbc),
                new NoticeStore(jdbc),
                attendance(),
                TIMEOUT,
                traces,
                meters)
            .runOnce();
      }
      var span = collector.spans().getFirst();
      assertThat(span.spanId()).as("as its worker would").isEqualTo(push.child("build/1").spanId());
      assertThat(span.parent()).isEqualTo(push.spanId());
      assertThat(span.failed()).isTrue();
      // the look came a little later
      assertThat(Duration.between(span.from(), span.until()))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(90));
    }
  }

  @Test
  void a_job_that_was_heard_of_in_time_stays() {
    var job = rows.running("hello", "w1");
    silentFor(job, 59);
    assertThat(reaper.runOnce()).isFalse();
    assertThat(beat(job, 1, "w1")).isEqualTo(Hold.HELD);
  }

  @Test
  void a_job_lost_too_often_fails_and_says_why() {
    var job = rows.running("hello", "w1");
    jdbc.sql("update job set max_attempts = 1").update();
    silentFor(job, 61);
    reaper.runOnce();
    assertThat(status(job)).isEqualTo("FAILED");
    assertThat(jdbc.sql("select failure from job").query(String.class).single())
        .contains("lost with worker w1");
  }

  @Test
  void a_lost_job_that_was_being_cancelled_is_cancelled() {
    var job = rows.running("hello", "w1");
    jdbc.sql("update job set cancel_requested_at = now(), cancel_requested_by = 'anna'").update();
    assertThat(beat(job, 1, "w1")).isEqualTo(Hold.CANCELLED);
    silentFor(job, 61);
    reaper.runOnce();
    assertThat(status(job)).isEqualTo("CANCELLED");
  }

  @Test
  void a_zombie_of_an_earlier_attempt_is_told_that_it_lost_the_job() {
    var job = rows.running("hello", "w2");
    jdbc.sql("update job set attempt = 2").update();
    assertThat(beat(job, 1, "w2")).isEqualTo(Hold.LOST);
    assertThat(beat(job, 2, "another")).isEqualTo(Hold.LOST);
    assertThat(beat(job, 2, "w2")).isEqualTo(Hold.HELD);
  }

  private Hold beat(long job, int attempt, String worker) {
    var held = List.of(new Heartbeat.Held(job, attempt));
    var found = heartbeats.beat(new Heartbeat(worker, 1, List.of(), false, held));
    return found.getOrDefault(job, Hold.LOST);
  }

  private void silentFor(long job, int seconds) {
    jdbc.sql("update job set last_heartbeat = now() - make_interval(secs => :s) where id = :job")
        .param("s", seconds)
        .param("job", job)
        .update();
  }

  private String status(long job) {
    return jdbc.sql("select status from job where id = :job")
        .param("job", job)
        .query(String.class)
        .single();
  }
}
