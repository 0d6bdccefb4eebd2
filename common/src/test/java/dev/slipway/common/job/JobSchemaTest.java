package dev.slipway.common.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.database.TestDatabase;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL refuses, whoever writes it. */
@NullMarked
class JobSchemaTest {
  private static final String HELD =
      "worker = 'w', attempt = 1, started_at = now(), last_heartbeat = now()";
  private static final String SUCCEEDED =
      HELD
          + ", status = 'SUCCEEDED', finished_at = now(), binary_name = 'b', size_bytes = 1,"
          + " sha256 = repeat('0', 64), crc32c = 'AAAAAA==', manifest = 'm'";

  private final JdbcClient jdbc = TestDatabase.create().jdbc();

  @BeforeEach
  void a_job_is_queued() {
    var rows = new JobRows(jdbc);
    rows.app("hello");
    rows.queued("hello");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "queued_is_held_by_nobody      | worker = 'w'",
        "queued_is_held_by_nobody      | failure = 'why'",
        "queued_is_held_by_nobody      | last_heartbeat = now()",
        "open_has_no_end               | finished_at = now()",
        "only_a_success_has_an_artifact| replicated_at = now()",
        "only_a_success_has_an_artifact| binary_name = 'b'",
        "cancel_request_says_who       | cancel_requested_at = now()",
        "attempts_are_bounded          | max_attempts = 0",
        "attempts_are_bounded          | max_attempts = 101",
        "attempts_are_bounded          | attempt = -1",
        "status_is_known               | status = 'DONE'",
        "commits_are_hex               | commit_sha = 'HEAD'",
        "commits_are_hex               | before_sha = 'HEAD'",
        "found_by_is_known                | found_by = 'CHANCE'",
        "pool_is_bounded                    | pool = repeat('a', 401)",
      })
  void a_queued_job_is_not(String broken, String change) {
    refuses(change, broken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "running_has_a_worker | worker = null",
        "running_has_a_worker | started_at = null",
        "running_has_a_worker | last_heartbeat = null",
        "running_has_a_worker | attempt = 0",
        "open_has_no_end      | finished_at = now()",
        "ended_has_its_time   | status = 'FAILED', failure = 'why'",
        "failed_and_cancelled_say_why | status = 'CANCELLED', finished_at = now()",
        "succeeded_has_its_artifact   | status = 'SUCCEEDED', finished_at = now()",
      })
  void a_running_job_is_not(String broken, String change) {
    becomes(HELD + ", status = 'RUNNING'");
    refuses(change, broken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "succeeded_has_its_artifact | size_bytes = null",
        "succeeded_has_its_artifact | size_bytes = -1",
        "succeeded_has_its_artifact | manifest = null",
        "sha256_is_hex           | sha256 = 'abc'",
        "ended_has_its_time         | finished_at = null",
        "a_success_has_no_failure   | failure = 'why'",
      })
  void a_job_that_succeeded_is_not(String broken, String change) {
    becomes(SUCCEEDED);
    refuses(change, broken);
  }

  @Test
  void a_replicated_job_has_succeeded() {
    becomes(SUCCEEDED + ", replicated_at = now()");
    refuses(
        "status = 'FAILED', failure = 'why', binary_name = null", "only_a_success_has_an_artifact");
  }

  private void becomes(String change) {
    jdbc.sql("update job set " + change).update();
  }

  private void refuses(String change, String broken) {
    assertThatThrownBy(() -> becomes(change))
        .isInstanceOf(DataIntegrityViolationException.class)
        .hasMessageContaining("\"" + broken + "\"");
  }
}
