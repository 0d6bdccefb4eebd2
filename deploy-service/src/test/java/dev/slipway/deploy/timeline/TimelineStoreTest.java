package dev.slipway.deploy.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.trace.LogLines;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.deploy.timeline.Timeline.Outlook;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Every second of a build has its stage, and the whole its budget. */
@NullMarked
class TimelineStoreTest {
  private final JdbcClient jdbc = TestDatabase.create().jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final TimelineStore timelines = new TimelineStore(jdbc);

  @BeforeEach
  void anAppAndARegion() {
    rows.app("hello");
    jdbc.sql("insert into region (name, bucket) values ('eu', 'file:///none')").update();
  }

  /** Lets a build's moments have been so many minutes ago. */
  private void ago(long build, double pushed, double started, double finished, double verified) {
    jdbc.sql(
            """
            update job set rollout = '{"auto": true}', created_at = now() - :pushed * interval '1 minute',
              started_at = now() - :started * interval '1 minute',
              finished_at = case when finished_at is not null then now() - :finished * interval '1 minute' end,
              replicated_at = case when replicated_at is not null then now() - :verified * interval '1 minute' end
            where id = :build
            """)
        .param("pushed", pushed)
        .param("started", started)
        .param("finished", finished)
        .param("verified", verified)
        .param("build", build)
        .update();
  }

  private void deployed(long build, String status, double begun, @Nullable Double ended) {
    jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, status, plan, started_at, finished_at)
            values ('hello', :build, 'AUTO', 'auto-deploy', :status, '{"steps": [], "maxFailed": 0, "rollback": false}',
                    now() - :begun * interval '1 minute', now() - cast(:ended as double precision) * interval '1 minute')
            """)
        .param("build", build)
        .param("status", status)
        .param("begun", begun)
        .param("ended", ended)
        .update();
  }

  private Timeline of(long build) {
    return timelines.of(build).orElseThrow();
  }

  @Test
  void each_second_is_attributed_to_one_stage() {
    var build = rows.replicated("hello");
    ago(build, 25, 24, 14, 10);
    jdbc.sql("update replica set present_at = now() - interval '11 minutes'").update();
    deployed(build, "SUCCEEDED", 9.5, 5.0);
    var timeline = of(build);
    assertThat(timeline.stages())
        .extracting(s -> s.name().word() + " " + Math.round(s.spent()))
        .containsExactly(
            "queue 60", "build 600", "replicate 180", "verify 60", "wait 30", "deploy 270");
    assertThat(timeline.seconds()).isBetween(1199.0, 1201.0);
    assertThat(timeline.outlook()).isEqualTo(Outlook.DONE);
    assertThat(timeline.warning()).isNull();
  }

  @Test
  void a_build_that_takes_too_long_is_at_risk_while_there_is_still_time() {
    var build = rows.running("hello", "w");
    ago(build, 20.5, 20, 0, 0);
    var timeline = of(build);
    assertThat(timeline.outlook()).isEqualTo(Outlook.AT_RISK);
    assertThat(timeline.warning())
        .isEqualTo("9.5 min left and 10.0 min to go: build took 20.0 min of its 17.0 min");
    var watch = new BudgetWatch(timelines, new SimpleMeterRegistry());
    var push = TraceParent.start(false);
    jdbc.sql("update job set trace_parent = :push").param("push", push.toString()).update();
    try (var log = new LogLines()) {
      watch.runOnce();
      assertThat(log.saying("Build #" + build))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(push));
    }
    assertThat(watch.underWay())
        .filteredOn(Timeline::isTight)
        .extracting(Timeline::build)
        .containsExactly(build);
  }

  @Test
  void one_within_its_shares_is_on_time() {
    var build = rows.running("hello", "w");
    ago(build, 17, 16, 0, 0);
    assertThat(of(build).outlook()).isEqualTo(Outlook.ON_TIME);
  }

  @Test
  void after_the_budget_it_is_late_and_stays_so_told_when_it_is_done() {
    var build = rows.replicated("hello");
    ago(build, 40, 39, 20, 19);
    deployed(build, "ROLLING", 5, null);
    assertThat(of(build).outlook()).isEqualTo(Outlook.LATE);
    assertThat(timelines.underWay()).extracting(Timeline::outlook).containsExactly(Outlook.LATE);
    jdbc.sql("update deployment set status = 'SUCCEEDED', finished_at = now()").update();
    assertThat(of(build).outlook()).isEqualTo(Outlook.DONE);
    assertThat(of(build).warning()).startsWith("over the budget of 30.0 min by 10.0 min");
    assertThat(timelines.underWay()).isEmpty();
  }

  @Test
  void the_wait_for_a_person_does_not_count() {
    var build = rows.replicated("hello");
    ago(build, 600, 599, 590, 588);
    jdbc.sql("update job set rollout = null").update();
    assertThat(of(build).outlook()).isEqualTo(Outlook.WAITING);
    assertThat(of(build).seconds()).isBetween(719.0, 721.0);
    assertThat(timelines.underWay()).isEmpty();
  }

  @Test
  void a_build_that_failed_has_no_stages_after_its_own() {
    var build = rows.running("hello", "w");
    jdbc.sql("update job set status = 'FAILED', finished_at = now(), failure = 'no' where id = :b")
        .param("b", build)
        .update();
    assertThat(of(build).outlook()).isEqualTo(Outlook.STOPPED);
    assertThat(of(build).stages())
        .filteredOn(stage -> stage.from() != null)
        .extracting(Stage::name)
        .isEqualTo(List.of(Stage.Name.QUEUE, Stage.Name.BUILD));
  }

  @Test
  void a_lost_attempt_is_time_of_the_build_and_not_of_the_queue() {
    var build = rows.running("hello", "w");
    ago(build, 10, 2, 0, 0);
    jdbc.sql(
            """
            insert into past_attempt (job, attempt, worker, started_at, outcome)
            values (:b, 1, 'gone', now() - interval '9 minutes', 'LOST')
            """)
        .param("b", build)
        .update();
    assertThat(of(build).stages().getFirst().spent()).isBetween(59.0, 61.0);
  }
}
