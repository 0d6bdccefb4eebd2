package dev.slipway.worker.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
@Timeout(60)
class PipelineTest {
  private static final int MUCH = 20 << 20;

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  @AfterEach
  void no_thread_is_left() throws InterruptedException {
    for (var thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, (9 << 20) + 7})
  void every_taker_gets_all_bytes_in_order(int size) throws IOException {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    var one = new ByteArrayOutputStream();
    var other = new ByteArrayOutputStream();

    new Pipeline()
        .to(noted(one::write))
        .to(noted(other::write))
        .pass(out -> {
          out.write(bytes, 0, size / 3);
          if (size > 0) {
            out.write(bytes[size / 3]);
            out.write(bytes, size / 3 + 1, size - size / 3 - 1);
          }
        });

    assertThat(one.toByteArray()).isEqualTo(bytes);
    assertThat(other.toByteArray()).isEqualTo(bytes);
    assertThat(threads).hasSize(size == 0 ? 0 : 2).doesNotContain(Thread.currentThread());
  }

  @Test
  void the_slowest_taker_bounds_what_is_on_its_way() throws IOException {
    var given = new AtomicLong();
    var taken = new AtomicLong();
    var most = new AtomicLong();

    new Pipeline()
        .to((bytes, offset, length) -> {
          most.accumulateAndGet(given.get() - taken.get(), Math::max);
          taken.addAndGet(length);
        })
        .to((bytes, offset, length) -> {})
        .pass(out -> {
          var block = new byte[64 << 10];
          while (given.get() < MUCH) {
            out.write(block);
            given.addAndGet(block.length);
          }
        });

    assertThat(taken).hasValue(MUCH);
    assertThat(most.get()).isPositive().isLessThanOrEqualTo(5 << 20);
  }

  @Test
  void a_taker_that_fails_stops_the_source_and_the_others() {
    var given = new AtomicLong();
    var broken = new IOException("disk full");

    assertThatThrownBy(() ->
            new Pipeline()
                .to(
                    noted((bytes, offset, length) -> {
                      throw broken;
                    }))
                .to(noted((bytes, offset, length) -> {}))
                .pass(out -> {
                  while (true) {
                    out.write(new byte[64 << 10]);
                    given.addAndGet(64 << 10);
                  }
                }))
        .isSameAs(broken);
    assertThat(given.get()).isLessThan(MUCH);
  }

  @Test
  void a_taker_that_fails_on_the_last_bytes_fails_all() {
    assertThatThrownBy(() ->
            new Pipeline()
                .to(
                    noted((bytes, offset, length) -> {
                      throw new IllegalStateException("at last");
                    }))
                .pass(out -> out.write(1)))
        .hasMessage("at last");
  }

  @Test
  void an_error_of_a_taker_is_not_lost() {
    assertThatThrownBy(() ->
            new Pipeline()
                .to((bytes, offset, length) -> {
                  throw new AssertionError("wrong");
                })
                .pass(out -> out.write(new byte[MUCH])))
        .isInstanceOf(AssertionError.class)
        .hasMessage("wrong");
  }

  @Test
  void a_source_that_fails_stops_a_taker_that_waits() {
    var busy = new CountDownLatch(1);

    assertThatThrownBy(() ->
            new Pipeline()
                .to(
                    noted((bytes, offset, length) -> {
                      busy.countDown();
                      await(new CountDownLatch(1));
                    }))
                .pass(out -> {
                  out.write(new byte[1 << 20]);
                  await(busy);
                  throw new IOException("unreadable");
                }))
        .hasMessage("unreadable");
  }

  @Test
  void an_interrupt_stops_all_and_stays_to_be_seen() throws InterruptedException {
    var busy = new CountDownLatch(1);
    var outcome = new Outcome();
    var publishing =
        Thread.ofPlatform()
            .unstarted(() ->
                outcome.run(() ->
                    new Pipeline()
                        .to(
                            noted((bytes, offset, length) -> {
                              busy.countDown();
                              await(new CountDownLatch(1));
                            }))
                        .pass(out -> out.write(new byte[MUCH]))));
    publishing.start();
    busy.await();

    publishing.interrupt();
    publishing.join();

    assertThat(outcome.thrown).isInstanceOf(InterruptedIOException.class);
    assertThat(outcome.interrupted).isTrue();
  }

  private Pipeline.Taker noted(Pipeline.Taker taker) {
    return (bytes, offset, length) -> {
      threads.add(Thread.currentThread());
      taker.take(bytes, offset, length);
    };
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }

  /** What a thread came to. */
  private static final class Outcome {
    private volatile Throwable thrown = new AssertionError("did not end");
    private volatile boolean interrupted;

    void run(org.junit.jupiter.api.function.Executable body) {
      try {
        body.execute();
        thrown = new AssertionError("nothing was thrown");
      } catch (Throwable e) {
        thrown = e;
        interrupted = Thread.currentThread().isInterrupted();
      }
    }
  }
}
