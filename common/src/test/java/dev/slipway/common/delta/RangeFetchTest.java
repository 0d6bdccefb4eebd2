package dev.slipway.common.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class RangeFetchTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  @TempDir Path folder;
  private final byte[] artifact = new byte[20 << 20];
  private Patch patch;

  @BeforeEach
  void nothing_is_here() throws Exception {
    new Random(1).nextBytes(artifact);
    patch = new Patch(folder.resolve("made"), BlockSignaturesTest.of(artifact));
  }

  @AfterEach
  void close() throws Exception {
    patch.close();
  }

  private ByteArrayInputStream open(Span span) {
    return new ByteArrayInputStream(artifact, (int) span.from(), (int) span.length());
  }

  @Test
  void what_lacks_is_fetched_in_ranges_of_bounded_length() throws Exception {
    var asked = new AtomicInteger();
    var fetch =
        new RangeFetch(
            span -> {
              asked.incrementAndGet();
              return open(span);
            },
            4,
            PATIENCE);
    assertThat(fetch.fetch(patch, patch.lacking())).isNull();
    assertThat(patch.isWhole()).isTrue();
    assertThat(fetch.moved()).isEqualTo(artifact.length);
    assertThat(asked).hasValue(5);
  }

  @Test
  void a_range_that_fails_is_asked_for_again() throws Exception {
    var asked = new AtomicInteger();
    var fetch =
        new RangeFetch(
            span -> {
              if (asked.incrementAndGet() % 2 == 1) {
                throw new IOException("gone");
              }
              return open(span);
            },
            1,
            PATIENCE);
    assertThat(fetch.fetch(patch, patch.lacking())).isNull();
    assertThat(patch.isWhole()).isTrue();
  }

  @Test
  void a_source_that_is_busy_or_lies_is_given_up_and_what_came_stays() throws Exception {
    var asked = new AtomicInteger();
    var fetch =
        new RangeFetch(
            span -> {
              asked.incrementAndGet();
              if (span.from() > 0) {
                throw new RangeFetch.Busy(Duration.ZERO);
              }
              return open(span);
            },
            1,
            PATIENCE);
    assertThat(fetch.fetch(patch, patch.lacking())).isInstanceOf(RangeFetch.Busy.class);
    assertThat(asked).hasValue(4);
    assertThat(patch.bytesHere()).isEqualTo(4 << 20);
    var lies = new RangeFetch(span -> new ByteArrayInputStream(new byte[9 << 20]), 4, PATIENCE);
    assertThat(lies.fetch(patch, patch.lacking())).hasMessageContaining("something else");
    assertThat(patch.bytesHere()).isEqualTo(4 << 20);
  }

  @Test
  void when_patience_is_over_no_further_range_is_begun() throws Exception {
    var fetch = new RangeFetch(this::open, 1, Duration.ofNanos(-1));
    assertThat(fetch.fetch(patch, patch.lacking())).hasMessageContaining("within");
    assertThat(fetch.moved()).isZero();
  }

  @Test
  void who_stops_waiting_stops_the_ranges_under_way() throws Exception {
    var begun = new CountDownLatch(1);
    var fetch =
        new RangeFetch(
            span -> {
              begun.countDown();
              Thread.sleep(Duration.ofHours(1));
              return open(span);
            },
            2,
            PATIENCE);
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                fetch.fetch(patch, List.of(new Span(0, artifact.length)));
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
    begun.await();
    waiting.interrupt();
    assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
  }
}
