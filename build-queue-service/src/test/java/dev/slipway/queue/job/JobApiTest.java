package dev.slipway.queue.job;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.queue.TestQueue;
import dev.slipway.queue.TestQueue.Answer;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class JobApiTest {
  private final TestQueue queue = TestQueue.shared();
  private final String app = queue.app("https://git.example.com/jobs/", "a-secret-of-the-forge");

  private void run(long job) {
    queue
        .jdbc()
        .sql(
            """
            update job set status = 'RUNNING', worker = 'w', attempt = attempt + 1, started_at = now(),
              last_heartbeat = now()
            where id = :job
            """)
        .param("job", job)
        .update();
  }

  @Test
  void workers_are_shown_as_they_were_last_heard_of() {
    queue
        .jdbc()
        .sql("insert into worker (name, slots, busy, labels) values ('w/1', 4, 3, '{large,linux}')")
        .update();
    var answer = queue.get(Role.VIEWER, "/api/v1/workers");
    assertThat(answer.status()).isEqualTo(200);
    var worker = answer.json().path("workers").path(0);
    assertThat(worker.path("name").asString()).isEqualTo("w/1");
    assertThat(worker.path("busy").asInt()).isEqualTo(3);
    assertThat(worker.path("labels").path(1).asString()).isEqualTo("linux");
    assertThat(queue.get(Role.VIEWER, "/api/v1/workers?limit=0").status()).isEqualTo(400);
  }

  private void fail(long job) {
    queue
        .jdbc()
        .sql(
            "update job set status = 'FAILED', finished_at = now(), failure = 'no' where id = :job")
        .param("job", job)
        .update();
  }

  private Answer move(long job, String move) {
    return queue.post(Role.DEPLOYER, "/api/v1/jobs/" + job + "/" + move, "");
  }

  @Test
  void a_commit_is_built_when_somebody_asks_once() {
    var body = "{\"app\": \"%s\", \"commit\": \"%s\"}".formatted(app, sha(1));
    var first = queue.post(Role.DEPLOYER, "/api/v1/jobs", body);
    assertThat(first.status()).isEqualTo(201);
    var again = queue.post(Role.DEPLOYER, "/api/v1/jobs", body);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("job")).isEqualTo(first.json().path("job"));
    var shown = queue.get(Role.VIEWER, "/api/v1/jobs/" + first.json().path("job").asLong());
    assertThat(shown.text("foundBy")).isEqualTo("PERSON");
    assertThat(shown.text("ref")).isEqualTo("refs/heads/master");
    assertThat(shown.json().path("attempts").isArray()).isTrue();
  }

  @Test
  void wrong_wishes_are_told() {
    assertThat(queue.post(Role.DEPLOYER, "/api/v1/jobs", "{}").text("detail"))
        .isEqualTo("app is missing");
    var unknown = "{\"app\": \"nobody\", \"commit\": \"%s\"}".formatted(sha(1));
    assertThat(queue.post(Role.DEPLOYER, "/api/v1/jobs", unknown).status()).isEqualTo(404);
    var master = "{\"app\": \"%s\", \"commit\": \"master\"}".formatted(app);
    assertThat(queue.post(Role.DEPLOYER, "/api/v1/jobs", master).text("detail"))
        .startsWith("commit must be");
    assertThat(queue.get(Role.VIEWER, "/api/v1/jobs/0").status()).isEqualTo(404);
    assertThat(queue.get(Role.VIEWER, "/api/v1/jobs/x").status()).isEqualTo(400);
    assertThat(move(0, "cancel").status()).isEqualTo(404);
  }

  @Test
  void jobs_come_in_pages_newest_first() {
    var made = new ArrayList<Long>();
    for (var i = 1; i <= 5; i++) {
      made.addFirst(queue.job(app, sha(i)));
    }
    var seen = new ArrayList<Long>();
    var after = "";
    do {
      var page = queue.get(Role.VIEWER, "/api/v1/jobs?limit=2&app=" + app + after);
      page.json().path("jobs").forEach(job -> seen.add(job.path("id").asLong()));
      after =
          page.json().path("next").isNull() ? "" : "&after=" + page.json().path("next").asLong();
    } while (!after.isEmpty());
    assertThat(seen).isEqualTo(made);
    assertThat(queue.get(Role.VIEWER, "/api/v1/jobs?limit=201").status()).isEqualTo(400);
    assertThat(queue.get(Role.VIEWER, "/api/v1/jobs?status=LOST").status()).isEqualTo(400);
  }

  @Test
  void jobs_are_found_by_their_state() {
    var job = queue.job(app, sha(1));
    queue.job(app, sha(2));
    run(job);
    var page = queue.get(Role.VIEWER, "/api/v1/jobs?status=RUNNING&app=" + app);
    assertThat(page.json().path("jobs")).hasSize(1);
    assertThat(page.json().path("jobs").path(0).path("id").asLong()).isEqualTo(job);
  }

  @Test
  void a_queued_job_is_cancelled_at_once_and_can_be_tried_again() {
    var job = queue.job(app, sha(1));
    var cancelled = move(job, "cancel");
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.text("status")).isEqualTo("CANCELLED");
    assertThat(move(job, "cancel").status()).isEqualTo(409);
    var retried = move(job, "retry");
    assertThat(retried.text("status")).isEqualTo("QUEUED");
    assertThat(retried.json().path("seq").asLong()).isEqualTo(1);
    assertThat(move(job, "retry").text("detail")).contains("QUEUED");
  }

  @Test
  void a_running_job_is_marked_for_its_worker() {
    var job = queue.job(app, sha(1));
    run(job);
    var answer = move(job, "cancel");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.text("status")).isEqualTo("RUNNING");
    assertThat(
            queue
                .jdbc()
                .sql("select cancel_requested_at is not null from job where id = :job")
                .param("job", job)
                .query(Boolean.class)
                .single())
        .isTrue();
    assertThat(move(job, "retry").status()).isEqualTo(409);
  }

  @Test
  void a_failed_job_is_tried_again_with_new_attempts_ahead() {
    var job = queue.job(app, sha(1));
    run(job);
    fail(job);
    assertThat(move(job, "cancel").text("detail")).contains("FAILED");
    var retried = move(job, "retry");
    assertThat(retried.status()).isEqualTo(200);
    assertThat(retried.text("status")).isEqualTo("QUEUED");
    assertThat(retried.json().path("maxAttempts").asInt()).isEqualTo(4);
    assertThat(retried.json().path("attempts")).hasSize(1);
    assertThat(retried.json().path("failure").isNull()).isTrue();
  }

  @Test
  void moves_are_audited_and_need_their_role() {
    var job = queue.job(app, sha(1));
    assertThat(queue.post(Role.VIEWER, "/api/v1/jobs/" + job + "/cancel", "").status())
        .isEqualTo(403);
    assertThat(queue.post(Role.WORKER, "/api/v1/jobs/" + job + "/retry", "").status())
        .isEqualTo(403);
    assertThat(queue.post(Role.VIEWER, "/api/v1/jobs", "{}").status()).isEqualTo(403);
    move(job, "cancel");
    move(job, "cancel");
    move(job, "retry");
    assertThat(
            queue
                .jdbc()
                .sql("select action || ' ' || outcome from audit where subject = :s order by id")
                .param("s", "job " + job)
                .query((row, n) -> row.getString(1))
                .list())
        .containsExactly("job-cancel CANCELLED", "job-retry QUEUED");
    assertThat(
            queue
                .jdbc()
                .sql("select outcome || ' ' || detail from audit where subject like :s order by id")
                .param("s", "POST /api/v1/jobs/" + job + "/%")
                .query((row, n) -> row.getString(1))
                .list())
        .as("a worker is no person")
        .containsExactly("FORBIDDEN as VIEWER, answered 403", "REFUSED as DEPLOYER, answered 409");
  }

  @Test
  void the_depth_of_the_queue_is_measured() {
    queue.job(app, sha(1));
    var metrics = queue.send(queue.request("/actuator/prometheus").GET()).raw().body();
    assertThat(metrics)
        .contains("slipway_jobs_queued ")
        .contains("slipway_jobs_queued_oldest_seconds ");
  }
}
