package dev.slipway.queue.job;

import static dev.slipway.queue.TestQueue.sha;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.access.Role;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.queue.TestQueue;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private void print(int attempt, String content) {
    queue
        .jdbc()
        .sql(
            """
            insert into job_log (job, attempt, start, content)
            select :job, :attempt, coalesce(sum(octet_length(content)), 0), :content
            from job_log where job = :job and attempt = :attempt
            """)
        .param("job", job)
        .param("attempt", attempt)
        .param("content", content)
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
      print(1, "first " + part + "\n");
      print(2, "sécond " + part + "\n");
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

  private HttpResponse<String> range(String range) {
    return queue.send(queue.as(Role.VIEWER, path).header("Range", range)).raw();
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void ranges_are_bytes_of_what_is_there_while_it_grows_and_after() {
    attempt(1);
    print(1, "0123456789");
    print(1, "ü<b>\u001b[31m");
    for (var total : List.of("*", "20")) {
      var middle = range("bytes=8-11");
      assertThat(middle.statusCode()).isEqualTo(206);
      assertThat(middle.body()).isEqualTo("89ü");
      assertThat(header(middle, "Content-Range")).isEqualTo("bytes 8-11/" + total);
      assertThat(header(middle, "Content-Length")).isEqualTo("4");
      assertThat(header(middle, "Accept-Ranges")).isEqualTo("bytes");
      assertThat(header(middle, "Content-Type")).isEqualTo("text/plain;charset=UTF-8");
      assertThat(header(middle, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(range("bytes=-8").body()).isEqualTo("<b>\u001b[31m");
      assertThat(range("bytes=15-").body()).isEqualTo("\u001b[31m");
      assertThat(header(range("bytes=0-999"), "Content-Range")).isEqualTo("bytes 0-19/" + total);
      var behind = range("bytes=20-");
      assertThat(behind.statusCode()).isEqualTo(416);
      assertThat(header(behind, "Content-Range")).isEqualTo("bytes */20");
      assertThat(behind.body()).contains("\"code\":\"range\"");
      for (var ignored : List.of("bytes=5-2", "bytes=0-1,4-5", "lines=1-2", "bytes=x", "")) {
        assertThat(range(ignored).statusCode()).as(ignored).isEqualTo(200);
      }
      fail();
    }
  }

  @Test
  void an_archived_log_reads_as_it_did_before(@TempDir Path dir) throws Exception {
    attempt(1);
    var text = "ü".repeat(700_000);
    print(1, text.substring(0, 300_000));
    print(1, text.substring(300_000));
    fail();
    assertThat(queue.get(Role.VIEWER, path).raw().body()).isEqualTo(text);
    var bucket = new FolderBlobStore(dir);
    bucket.create(
        "logs/%s/%d-1.log".formatted(app, job),
        out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    queue.jdbc().sql("delete from job_log where job = ?").param(job).update();
    queue
        .jdbc()
        .sql("insert into log_archive (job, attempt, bucket, bytes) values (?, 1, ?, 1400000)")
        .params(job, dir.toUri().toString())
        .update();
    assertThat(queue.get(Role.VIEWER, path).raw().body()).isEqualTo(text);
    assertThat(range("bytes=1399996-").body()).isEqualTo("üü");
    assertThat(header(range("bytes=-2"), "Content-Range"))
        .isEqualTo("bytes 1399998-1399999/1400000");
    // a follower that has read the first piece gets the rest, cut between characters
    var rest = follow("1-1399994").get(20, TimeUnit.SECONDS);
    assertThat(rest).contains("id: 1-1400000\nevent: log\ndata: üüü\n\n").endsWith("FAILED\n\n");
    bucket.delete("logs/%s/%d-1.log".formatted(app, job));
    assertThat(queue.get(Role.VIEWER, path).status()).isEqualTo(503);
    assertThat(range("bytes=0-1").body()).contains("\"code\":\"log-away\"");
  }

  @Test
  void following_goes_over_attempts_and_ends_with_the_job() throws Exception {
    var followed = follow("");
    attempt(1);
    print(1, "one\ntwo");
    attempt(2);
    print(2, "three\rdata: not an event\n");
    assertThat(followed).isNotDone();
    fail();
    assertThat(followed.get(20, TimeUnit.SECONDS))
        .contains("event: attempt\ndata: 2\n\n")
        .contains("id: 2-25\nevent: log\ndata: three\ndata: data: not an event\ndata: \n\n")
        .endsWith("event: end\ndata: FAILED\n\n");
  }

  @Test
  void following_goes_on_where_the_connection_was_lost() throws Exception {
    attempt(1);
    print(1, "seen");
    print(1, "new");
    fail();
    assertThat(follow("1-4").get(20, TimeUnit.SECONDS))
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
    var deadline = System.nanoTime() + 60_000_000_000L;
    while (followers(queue) > before && System.nanoTime() < deadline) {
      // who has left is found out by what is sent to them
      print(1, "more");
      LockSupport.parkNanos(10_000_000);
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
