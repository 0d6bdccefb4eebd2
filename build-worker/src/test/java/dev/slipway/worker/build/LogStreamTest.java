package dev.slipway.worker.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.JobRows;
import dev.slipway.worker.Await;
import dev.slipway.worker.job.Claims;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
class LogStreamTest {
  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private Claim claim = new Claim(0, 0, "");

  @BeforeEach
  void a_job_is_held() {
    var rows = new JobRows(jdbc);
    rows.app("hello");
    rows.queued("hello");
    claim = new Claims(database.dataSource()).claim("w1").orElseThrow().claim();
  }

  @Test
  void output_is_read_while_it_is_written() throws Exception {
    try (var stream = open(1 << 20);
        var in = new PipedInputStream()) {
      Thread copy;
      try (var out = new PipedOutputStream(in)) {
        copy = stream.copy(in);
        out.write("first\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        Await.until(() -> log().equals("first\n"));
        out.write("second\n".getBytes(StandardCharsets.UTF_8));
      }
      copy.join();
    }
    assertThat(log()).isEqualTo("first\nsecond\n");
  }

  @Test
  void a_long_log_is_whole_and_in_parts_that_split_no_character() throws Exception {
    var text = "x" + "\uD83D\uDEA2".repeat(500_000);
    copy(text, 64 << 20);
    assertThat(log()).isEqualTo(text);
    assertThat(jdbc.sql("select count(*) from job_log").query(Integer.class).single())
        .isGreaterThan(1);
  }

  @Test
  void a_log_that_is_too_long_says_so_once() throws Exception {
    copy("0123456789abcde\n".repeat(200_000), 1 << 20);
    assertThat(log())
        .hasSizeLessThan((1 << 20) + (16 << 10))
        .endsWith("\nslipway: the log ends here: a build may print at most 1 MiB\n")
        .containsOnlyOnce("slipway:");
  }

  @Test
  void a_worker_that_lost_its_job_writes_nothing_and_waits_for_nobody() throws Exception {
    jdbc.sql("update job set attempt = 2").update();
    copy("x".repeat(5_000_000), 64 << 20);
    assertThat(log()).isEmpty();
  }

  private LogStream open(int most) {
    return new LogStream(new LogStore(jdbc), claim, new SimpleMeterRegistry(), most);
  }

  private void copy(String text, int most) throws Exception {
    InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    try (var stream = open(most)) {
      stream.copy(in).join();
    }
  }

  private String log() {
    return String.join(
        "", jdbc.sql("select content from job_log order by part").query(String.class).list());
  }
}
