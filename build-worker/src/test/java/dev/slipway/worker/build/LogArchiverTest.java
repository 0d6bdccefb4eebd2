package dev.slipway.worker.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.log.LogReadStore;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.trace.LogLines;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.worker.BrokenBucket;
import dev.slipway.worker.job.Claims;
import dev.slipway.worker.job.FinishStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
class LogArchiverTest {
  private static final String TEXT = "gr\u00fcn\n".repeat(300_000);

  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final BuildLogs logs = new BuildLogs(new LogReadStore(jdbc), meters);
  private final FinishStore finish =
      new FinishStore(jdbc, new Notices(new NoticeStore(jdbc), meters));
  @TempDir Path dir;
  private Claim claim = new Claim(0, 0, "");

  @BeforeEach
  void a_log() {
    var rows = new JobRows(jdbc);
    rows.app("hello");
    rows.queued("hello");
    claim = new Claims(database.dataSource()).claim("w1").orElseThrow().claim();
    var store = new LogStore(jdbc);
    var bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    for (var at = 0; at < bytes.length; at += 600_000) {
      var length = Math.min(600_000, bytes.length - at);
      store.append(claim, at, new String(bytes, at, length, StandardCharsets.UTF_8));
    }
  }

  private LogArchiver archiver(String worker, BlobStore bucket) {
    return new LogArchiver(worker, new ArchiveStore(jdbc), logs, bucket, dir.toUri(), meters);
  }

  private int pieces() {
    return jdbc.sql("select count(*) from job_log").query(Integer.class).single();
  }

  private String read() {
    var all = new StringBuilder();
    var at = 0L;
    for (var text = logs.text(claim.job(), 1, at);
        !text.content().isEmpty();
        text = logs.text(claim.job(), 1, at)) {
      all.append(text.content());
      at = text.end();
    }
    return all.toString();
  }

  @Test
  void a_log_moves_whole_once_its_attempt_is_over() throws Exception {
    var bucket = new FolderBlobStore(dir);
    assertThat(read().equals(TEXT)).isTrue();
    archiver("w1", bucket).runOnce();
    assertThat(pieces()).isPositive();
    finish.fail(claim, "no");
    archiver("w1", bucket).runOnce();
    assertThat(pieces()).isZero();
    assertThat(bucket.stat("logs/hello/" + claim.job() + "-1.log").orElseThrow().size())
        .isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8).length);
    assertThat(read().equals(TEXT)).isTrue();
    assertThat(logs.length(claim.job(), 1)).isEqualTo(1_800_000);
  }

  @Test
  void one_that_was_written_before_its_worker_died_is_taken_as_it_is() throws Exception {
    var bucket = new FolderBlobStore(dir);
    bucket.create(
        "logs/hello/" + claim.job() + "-1.log",
        out -> out.write(TEXT.getBytes(StandardCharsets.UTF_8)));
    finish.fail(claim, "no");
    archiver("w1", bucket).runOnce();
    assertThat(pieces()).isZero();
    // a zombie's last words, from before its statement could see that it is one
    jdbc.sql("insert into job_log (job, attempt, start, content) values (?, 1, 1800000, 'late')")
        .param(claim.job())
        .update();
    archiver("w1", bucket).runOnce();
    assertThat(pieces()).isZero();
    assertThat(read().equals(TEXT)).isTrue();
  }

  @Test
  void one_that_differs_in_the_bucket_or_cannot_go_there_stays() throws IOException {
    finish.fail(claim, "no");
    var push = TraceParent.start(false);
    jdbc.sql("update job set trace_parent = :push").param("push", push.toString()).update();
    try (var log = new LogLines()) {
      archiver("w1", new BrokenBucket()).runOnce();
      assertThat(log.saying("stays in the database"))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(push.child("build/1")));
    }
    var bucket = new FolderBlobStore(dir);
    bucket.create("logs/hello/" + claim.job() + "-1.log", out -> out.write(1));
    archiver("w1", bucket).runOnce();
    assertThat(meters.counter("slipway.log.archived", "outcome", "failed").count()).isEqualTo(2);
    assertThat(read().equals(TEXT)).isTrue();
  }

  @Test
  void another_workers_log_is_left_to_it_for_a_while() throws IOException {
    var bucket = new FolderBlobStore(dir);
    finish.fail(claim, "no");
    archiver("w2", bucket).runOnce();
    assertThat(pieces()).isPositive();
    jdbc.sql("update job_log set at = now() - interval '11 minutes'").update();
    archiver("w2", bucket).runOnce();
    assertThat(pieces()).isZero();
  }
}
