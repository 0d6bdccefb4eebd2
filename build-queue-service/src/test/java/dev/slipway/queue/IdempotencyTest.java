package dev.slipway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.idempotency.IdempotencyStore;
import dev.slipway.queue.TestQueue.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Calls that are repeated, over HTTP. */
@NullMarked
class IdempotencyTest {
  private final TestQueue queue = TestQueue.shared();
  private final String app = queue.app("https://git.example.com/idempotent/", "s".repeat(16));
  private final String key = UUID.randomUUID().toString();

  private Answer post(Role role, String path, String key, String body) {
    return queue.send(
        queue
            .as(role, path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body)));
  }

  private Answer request(String key, int commit) {
    return post(Role.DEPLOYER, "/api/v1/jobs", key, wish(commit));
  }

  private String wish(int commit) {
    return "{\"app\": \"%s\", \"commit\": \"%s\"}".formatted(app, TestQueue.sha(commit));
  }

  private int wishes() {
    return queue
        .jdbc()
        .sql("select count(*) from audit where action = 'job-request' and subject = ?")
        .param("app " + app)
        .query(Integer.class)
        .single();
  }

  @Test
  void the_same_key_gets_the_same_answer_and_the_work_is_done_once() {
    var first = request(key, 1);
    assertThat(first.status()).as(first.raw().body()).isEqualTo(201);
    var again = request(key, 1);
    assertThat(again.status()).as("without the key it would be 200").isEqualTo(201);
    assertThat(again.raw().body()).isEqualTo(first.raw().body());
    assertThat(again.raw().headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(again.raw().headers().firstValue("Content-Type"))
        .isEqualTo(first.raw().headers().firstValue("Content-Type"));
    assertThat(wishes()).isEqualTo(1);
  }

  @Test
  void what_a_job_has_become_is_answered_under_a_key_too() {
    var job = request(UUID.randomUUID().toString(), 8).text("job");
    var cancelled = post(Role.DEPLOYER, "/api/v1/jobs/" + job + "/cancel", key, "");
    assertThat(cancelled.status()).as(cancelled.raw().body()).isEqualTo(200);
    assertThat(cancelled.text("status")).isEqualTo("CANCELLED");
  }

  @Test
  void another_call_with_the_key_is_refused() {
    request(key, 1);
    var other = request(key, 2);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.text("code")).isEqualTo("idempotency-key-reused");
    assertThat(wishes()).isEqualTo(1);
    assertThat(post(Role.ADMIN, "/api/v1/jobs", key, wish(2)).status())
        .as("another caller's key is another key")
        .isEqualTo(201);
  }

  @Test
  void of_those_that_come_at_once_one_does_the_work_and_all_get_its_answer() throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Answer> call = () -> request(key, 3);
      var answers = callers.invokeAll(IntStream.range(0, 3).mapToObj(n -> call).toList());
      for (var answer : answers) {
        assertThat(answer.get().status()).as(answer.get().raw().body()).isEqualTo(201);
        assertThat(answer.get().raw().body()).isEqualTo(answers.getFirst().get().raw().body());
      }
    }
    assertThat(wishes()).isEqualTo(1);
  }

  @Test
  void a_refusal_leaves_the_key_free() {
    var early = post(Role.DEPLOYER, "/api/v1/jobs/987654321/retry", key, "");
    assertThat(early.status()).isEqualTo(404);
    assertThat(early.text("code")).isEqualTo("not-found");
    assertThat(request(key, 4).status()).isEqualTo(201);
  }

  @Test
  void who_dies_before_the_answer_is_kept_has_done_nothing() {
    var jdbc = queue.jdbc();
    jdbc.sql(
            """
            create function die() returns trigger language plpgsql as $$
            begin
              if new.key = '%s' then perform pg_terminate_backend(pg_backend_pid()); end if;
              return new;
            end $$
            """
                .formatted(key))
        .update();
    jdbc.sql(
            "create trigger die before update on idempotency_key for each row execute function die()")
        .update();
    try {
      assertThat(request(key, 5).status()).isGreaterThanOrEqualTo(500);
    } finally {
      jdbc.sql("drop function die() cascade").update();
    }
    assertThat(wishes()).as("neither the work nor its trace is there").isZero();
    assertThat(request(key, 5).status()).isEqualTo(201);
    assertThat(wishes()).isEqualTo(1);
  }

  @Test
  void a_key_is_bounded_in_form_and_time() {
    for (var bad : List.of("a b", "x".repeat(201))) {
      var refused = request(bad, 6);
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.text("detail")).startsWith("Idempotency-Key must be 1 to 200");
    }
    var large = post(Role.DEPLOYER, "/api/v1/jobs", key, "x".repeat((1 << 20) + 1));
    assertThat(large.status()).isEqualTo(413);
    request(key, 6);
    queue
        .jdbc()
        .sql("update idempotency_key set created_at = now() - interval '25 hours' where key = ?")
        .param(key)
        .update();
    assertThat(queue.bean(IdempotencyStore.class).forgetOld()).as("a batch was enough").isFalse();
    assertThat(request(key, 6).status()).as("the commit has its job").isEqualTo(200);
  }

  @Test
  void a_caller_may_have_so_many_keys() {
    queue
        .jdbc()
        .sql(
            """
            insert into idempotency_key (caller, key, digest)
            select 'ADMIN', 'filler-' || n, repeat('0', 64) from generate_series(1, 10000) n
            on conflict do nothing
            """)
        .update();
    var refused = post(Role.ADMIN, "/api/v1/jobs", key, wish(7));
    queue.jdbc().sql("delete from idempotency_key where key like 'filler-%'").update();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.text("code")).isEqualTo("too-many-idempotency-keys");
  }
}
