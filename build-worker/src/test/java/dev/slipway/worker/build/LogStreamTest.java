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
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
class LogStreamTest {
  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
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
        .endsWith(
            "\nslipway: the log ends here: a build may print at most 1 MiB; the build goes on\n")
        .containsOnlyOnce("slipway:");
  }

  @Test
  void a_worker_that_lost_its_job_writes_nothing_and_waits_for_nobody() throws Exception {
    jdbc.sql("update job set attempt = 2").update();
    copy("x".repeat(5_000_000), 64 << 20);
    assertThat(log()).isEmpty();
  }

  @Test
  void what_the_worker_says_is_also_in_a_full_log() throws Exception {
    try (var stream = open(1 << 20)) {
      stream.copy(bytes("x".repeat(3 << 20))).join();
      stream.say("the build failed");
    }
    assertThat(log()).endsWith("the build goes on\nslipway: the build failed\n");
  }

  @Test
  void binary_junk_without_a_line_end_is_kept_as_far_as_it_is_text() throws Exception {
    var junk = new byte[3 << 20];
    new Random(1).nextBytes(junk);
    junk[7] = 0;
    try (var stream = open(64 << 20)) {
      stream.copy(new ByteArrayInputStream(junk)).join();
    }
    var expected = new String(junk, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    assertThat(log().equals(expected)).isTrue();
    assertPlacesAreRight();
  }

  @Test
  void half_a_character_at_the_end_is_replaced() throws Exception {
    try (var stream = open(1 << 20)) {
      stream.say("half \uD83D and \uDEA2 of one");
      stream.say("\uD83D");
    }
    assertThat(log()).isEqualTo("slipway: half ? and ? of one\nslipway: ?\n");
    assertPlacesAreRight();
  }

  @Test
  void a_log_ends_whole_when_the_database_comes_back() throws Exception {
    var stream = open(1 << 20);
    jdbc.sql("alter table job_log rename to away").update();
    stream.say("the end");
    var closing = Thread.ofPlatform().start(stream::close);
    var failures = meters.counter("slipway.loop.failures", "loop", "build-log");
    Await.until(() -> failures.count() > 1);
    assertThat(closing.isAlive()).isTrue();
    jdbc.sql("alter table away rename to job_log").update();
    closing.join();
    assertThat(log()).isEqualTo("slipway: the end\n");
  }

  @Test
  void an_interrupt_ends_the_wait_for_the_database_and_is_kept() throws Exception {
    var stream = open(1 << 20);
    jdbc.sql("alter table job_log rename to away").update();
    stream.say("the end");
    var kept = new AtomicBoolean();
    var closing =
        Thread.ofPlatform()
            .start(() -> {
              stream.close();
              kept.set(Thread.currentThread().isInterrupted());
            });
    Await.until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    closing.interrupt();
    closing.join();
    assertThat(kept).isTrue();
  }

  @Test
  void who_was_interrupted_before_does_not_wait_long_for_the_database() throws Exception {
    var stream = open(1 << 20);
    jdbc.sql("alter table job_log rename to away").update();
    stream.say("the end");
    var closing =
        Thread.ofPlatform()
            .start(() -> {
              Thread.currentThread().interrupt();
              stream.close();
            });
    assertThat(closing.join(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void while_the_database_is_away_a_build_that_prints_much_waits() throws Exception {
    var printed = new AtomicLong();
    var endless =
        new InputStream() {
          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] to, int offset, int length) {
            if (printed.get() >= 100_000_000) {
              return -1;
            }
            Arrays.fill(to, offset, offset + length, (byte) 'x');
            printed.addAndGet(length);
            return length;
          }
        };
    try (var stream = open(2 << 20)) {
      jdbc.sql("alter table job_log rename to away").update();
      var copy = stream.copy(endless);
      // it also waits for moments, for whoever takes a piece out
      Await.until(() -> printed.get() >= 1 << 20 && copy.getState() == Thread.State.WAITING);
      assertThat(printed.get()).isLessThanOrEqualTo(2L << 20);
      jdbc.sql("alter table away rename to job_log").update();
      copy.join();
    }
    assertThat(printed.get()).isGreaterThanOrEqualTo(100_000_000);
    assertThat(log()).hasSizeBetween(2 << 20, (2 << 20) + (16 << 10)).endsWith("goes on\n");
  }

  @Test
  void an_interrupt_before_the_end_cuts_no_log() throws Exception {
    var stream = open(1 << 20);
    stream.say("the end");
    Thread.currentThread().interrupt();
    stream.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(log()).isEqualTo("slipway: the end\n");
  }

  /** Each piece begins where the one before ended. */
  private void assertPlacesAreRight() {
    assertThat(
            jdbc.sql(
                    """
                    select count(*) from (
                      select start, coalesce(lag(start + octet_length(content)) over (order by start), 0) as before
                      from job_log) pieces
                    where start <> before
                    """)
                .query(Integer.class)
                .single())
        .isZero();
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private LogStream open(int most) {
    return new LogStream(new LogStore(jdbc), claim, meters, most);
  }

  private void copy(String text, int most) throws Exception {
    try (var stream = open(most)) {
      stream.copy(bytes(text)).join();
    }
  }

  private String log() {
    return String.join(
        "", jdbc.sql("select content from job_log order by start").query(String.class).list());
  }
}
