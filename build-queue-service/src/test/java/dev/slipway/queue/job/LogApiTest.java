package dev.slipway.queue.job;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.queue.TestQueue;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LogApiTest {
  private final TestQueue queue = TestQueue.shared();
  private final String app = queue.app("https://git.example.com/logs/", "a-secret-of-the-forge");
  private final long job = queue.job(app, sha(1));
  private final String path = "/api/v1/jobs/" + job + "/log";

  private void attempt(int attempt) {
    queue
        .jdbc()
        .sql(
            """
            update job set status = 'RUNNING', worker = 'w', attempt = :attempt, started_at = now(),
              last_heartbeat = now()
            where id = :job
            """)
        .param("attempt", attempt)
        .param("job", job)
        .update();
  }

  private void print(int attempt, int part, String content) {
    queue
        .jdbc()
        .sql("insert into job_log (job, attempt, part, content) values (?, ?, ?, ?)")
        .params(job, attempt, part, content)
        .update();
  }

  private void fail() {
    queue
        .jdbc()
        .sql(
            "update job set status = 'FAILED', finished_at = now(), failure = 'no' where id = :job")
        .param("job", job)
        .update();
    new NoticeStore(queue.jdbc()).send(Channel.JOB_CHANGED);
  }

  private CompletableFuture<String> follow(String lastEventId) {
    var request = queue.as(Role.VIEWER, path + "?follow=true").header("Last-Event-ID", lastEventId);
    return CompletableFuture.supplyAsync(
        () -> queue.send(request).raw().body(), Thread::startVirtualThread);
  }

  @Test
  void the_latest_attempt_is_read_as_text() {
    assertThat(queue.get(Role.VIEWER, path).raw().body()).isEmpty();
    attempt(2);
    for (var part = 0; part < 9; part++) {
      print(1, part, "first " + part + "\n");
      print(2, part, "sécond " + part + "\n");
    }
    var answer = queue.get(Role.VIEWER, path);
    assertThat(answer.raw().headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain");
    assertThat(answer.raw().body()).startsWith("sécond 0\nsécond 1\n").endsWith("sécond 8\n");
    assertThat(queue.get(Role.VIEWER, path + "?attempt=1").raw().body()).startsWith("first 0");
    assertThat(queue.get(Role.VIEWER, path + "?attempt=3").status()).isEqualTo(404);
    assertThat(queue.get(Role.VIEWER, "/api/v1/jobs/0/log").status()).isEqualTo(404);
    assertThat(queue.get(Role.WORKER, path).status()).isEqualTo(403);
  }

  @Test
  void following_goes_over_attempts_and_ends_with_the_job() throws Exception {
    var followed = follow("");
    attempt(1);
    print(1, 0, "one\ntwo");
    attempt(2);
    print(2, 0, "three\rdata: not an event\n");
    assertThat(followed).isNotDone();
    fail();
    assertThat(followed.get(20, TimeUnit.SECONDS))
        .contains("event: attempt\ndata: 2\n\n")
        .contains("id: 2-0\nevent: log\ndata: three\ndata: data: not an event\ndata: \n\n")
        .endsWith("event: end\ndata: FAILED\n\n");
  }

  @Test
  void following_goes_on_where_the_connection_was_lost() throws Exception {
    attempt(1);
    print(1, 0, "seen");
    print(1, 1, "new");
    fail();
    assertThat(follow("1-0").get(20, TimeUnit.SECONDS))
        .doesNotContain("seen")
        .contains("data: new")
        .doesNotContain("event: attempt");
  }

  private double followers(TestQueue at) {
    return at.bean(MeterRegistry.class).get("slipway.log.followers").gauge().value();
  }

  @Test
  void a_reader_who_leaves_makes_room() throws Exception {
    attempt(1);
    var before = followers(queue);
    try (var socket = new Socket("localhost", queue.port())) {
      var request =
          "GET %s?follow=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer VIEWER\r\n\r\n"
              .formatted(path);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(20)).asString().contains("200");
      assertThat(followers(queue)).isGreaterThan(before);
    }
    var deadline = System.nanoTime() + 20_000_000_000L;
    for (var part = 0; followers(queue) > before && System.nanoTime() < deadline; part++) {
      print(1, part, "more");
      Thread.sleep(100);
    }
    assertThat(followers(queue)).isEqualTo(before);
  }

  @Test
  void a_service_that_stops_lets_its_readers_go() throws Exception {
    var stopping = new TestQueue();
    var other = stopping.app("https://git.example.com/stop/", "a-secret-of-the-forge");
    var request =
        stopping.as(
            Role.VIEWER, "/api/v1/jobs/" + stopping.job(other, sha(1)) + "/log?follow=true");
    var followed =
        CompletableFuture.supplyAsync(() -> stopping.send(request), Thread::startVirtualThread);
    var deadline = System.nanoTime() + 20_000_000_000L;
    while (followers(stopping) < 1 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    stopping.stop();
    assertThat(followed.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
  }

  @Test
  void following_a_job_that_does_not_exist_is_told() {
    assertThat(queue.get(Role.VIEWER, "/api/v1/jobs/0/log?follow=true").status()).isEqualTo(404);
  }
}
