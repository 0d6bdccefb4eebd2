package dev.slipway.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.job.Pool;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.worker.build.LogStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@NullMarked
class FinishStoreTest {
  private static final Published PUBLISHED =
      new Published(
          "artifacts/hello/x",
          7,
          new Sha256("a".repeat(64)),
          "AAAAAA==",
          "manifests/hello/1-1.json");

  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final Claims claims = new Claims(database.dataSource());
  private final FinishStore finish =
      new FinishStore(jdbc, new Notices(new NoticeStore(jdbc), new SimpleMeterRegistry()));
  private final LogStore logs = new LogStore(jdbc);

  @BeforeEach
  void a_job_is_queued() {
    var rows = new JobRows(jdbc);
    rows.app("hello");
    rows.queued("hello");
  }

  @Test
  void success_names_the_artifact_and_how_to_roll_it_out() {
    var claim = claim("w1");
    assertThat(claims.succeed(claim, PUBLISHED, DeployRecipe.BY_HAND)).isTrue();
    assertThat(job())
        .containsEntry("status", "SUCCEEDED")
        .containsEntry("binary_name", "artifacts/hello/x")
        .containsEntry("size_bytes", 7L)
        .containsEntry("manifest", "manifests/hello/1-1.json");
    var rollout = jdbc.sql("select rollout::text from job").query(String.class).single();
    assertThat(JsonMapper.shared().readValue(rollout, DeployRecipe.class))
        .isEqualTo(DeployRecipe.BY_HAND);
    assertThat(outcome(1)).isEqualTo("SUCCEEDED");
  }

  @Test
  void failure_keeps_its_reason_bounded_and_writable() {
    var claim = claim("w1");
    assertThat(finish.fail(claim, "\0" + "x".repeat(5000))).isTrue();
    assertThat(job()).containsEntry("status", "FAILED");
    assertThat((String) job().get("failure")).hasSize(2000);
    assertThat(outcome(1)).isEqualTo("FAILED");
  }

  @Test
  void a_zombie_changes_nothing() {
    var zombie = claim("w1");
    finish.release(zombie);
    claim("w1");
    var before = row();
    assertThat(claims.succeed(zombie, PUBLISHED, DeployRecipe.BY_HAND)).isFalse();
    assertThat(finish.fail(zombie, "late")).isFalse();
    assertThat(finish.cancelled(zombie)).isFalse();
    assertThat(finish.release(zombie)).isFalse();
    assertThat(finish.giveBack(zombie, "late")).isFalse();
    assertThat(logs.append(zombie, 0, "late")).isFalse();
    var impostor = new Claim(zombie.job(), 2, "w2");
    assertThat(finish.fail(impostor, "late")).isFalse();
    assertThat(row()).isEqualTo(before);
    assertThat(jdbc.sql("select count(*) from job_log").query(Integer.class).single()).isZero();
    assertThat(outcome(1)).isEqualTo("RELEASED");
  }

  @Test
  void an_ended_job_stays_as_it_ended() {
    var claim = claim("w1");
    finish.fail(claim, "no");
    assertThat(claims.succeed(claim, PUBLISHED, DeployRecipe.BY_HAND)).isFalse();
    assertThat(finish.release(claim)).isFalse();
    assertThat(logs.append(claim, 0, "more")).isFalse();
    assertThat(job()).containsEntry("status", "FAILED");
  }

  @Test
  void a_cancelled_job_is_not_published_or_queued_but_cancelled() {
    var claim = claim("w1");
    assertThat(finish.cancelled(claim)).isFalse();
    jdbc.sql("update job set cancel_requested_at = now(), cancel_requested_by = 'anna'").update();
    assertThat(claims.succeed(claim, PUBLISHED, DeployRecipe.BY_HAND)).isFalse();
    assertThat(finish.release(claim)).isFalse();
    assertThat(finish.giveBack(claim, "fault")).isFalse();
    assertThat(finish.cancelled(claim)).isTrue();
    assertThat(job())
        .containsEntry("status", "CANCELLED")
        .containsEntry("failure", "cancelled by anna");
    assertThat(outcome(1)).isEqualTo("CANCELLED");
  }

  @Test
  void a_release_costs_the_job_none_of_its_attempts() {
    for (var i = 1; i <= 10; i++) {
      var claim = claim("w1");
      assertThat(claim.attempt()).isEqualTo(i);
      assertThat(finish.release(claim)).isTrue();
    }
    assertThat(job()).containsEntry("status", "QUEUED").containsEntry("max_attempts", 13);
  }

  @Test
  void a_job_given_back_fails_with_its_last_attempt() {
    for (var i = 1; i <= 2; i++) {
      assertThat(finish.giveBack(claim("w1"), "bucket away")).isTrue();
      assertThat(job()).containsEntry("status", "QUEUED");
    }
    assertThat(finish.giveBack(claim("w1"), "bucket away")).isTrue();
    assertThat(job()).containsEntry("status", "FAILED").containsEntry("failure", "bucket away");
    assertThat(outcome(2)).isEqualTo("RELEASED");
    assertThat(outcome(3)).isEqualTo("FAILED");
  }

  @Test
  void a_failure_is_tried_again_where_its_app_says_so() {
    jdbc.sql("update app set retry_failures = true").update();
    jdbc.sql("update job set max_attempts = 2").update();
    assertThat(finish.fail(claim("w1"), "flaky")).isTrue();
    assertThat(job()).containsEntry("status", "QUEUED").containsEntry("failure", null);
    assertThat(outcome(1)).isEqualTo("FAILED");
    assertThat(finish.fail(claim("w1"), "flaky")).isTrue();
    assertThat(job()).containsEntry("status", "FAILED").containsEntry("failure", "flaky");
    assertThat(outcome(2)).isEqualTo("FAILED");
  }

  @Test
  void a_job_is_passed_on_to_the_pool_that_its_commit_asks_for() {
    var pool = Pool.of("large,linux");
    assertThat(finish.passOn(claim("w1"), pool)).isTrue();
    assertThat(claims.claim("w1")).isEmpty();
    assertThat(claims.claim("w2", pool).orElseThrow().claim().attempt()).isEqualTo(2);
    assertThat(job()).containsEntry("max_attempts", 4);
    assertThat(jdbc.sql("select pool from app").query(String.class).single())
        .isEqualTo("large,linux");
    assertThat(
            jdbc.sql("select reason from job_attempt where attempt = 1")
                .query(String.class)
                .single())
        .isEqualTo("needs a worker with the labels large,linux");
  }

  @Test
  void a_log_part_sent_twice_is_there_once() {
    var claim = claim("w1");
    assertThat(logs.append(claim, 0, "hello")).isTrue();
    assertThat(logs.append(claim, 0, "hello")).isTrue();
    assertThat(jdbc.sql("select content from job_log").query(String.class).list())
        .containsExactly("hello");
  }

  private Claim claim(String worker) {
    return claims.claim(worker).orElseThrow().claim();
  }

  private Map<String, @Nullable Object> job() {
    return jdbc.sql("select * from job").query().singleRow();
  }

  private String row() {
    return jdbc.sql("select j::text from job j").query(String.class).single();
  }

  private String outcome(int attempt) {
    return jdbc.sql("select outcome from job_attempt where attempt = :a")
        .param("a", attempt)
        .query(String.class)
        .single();
  }
}
