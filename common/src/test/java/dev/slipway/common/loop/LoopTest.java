package dev.slipway.common.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LoopTest {
  private static final Duration FOREVER = Duration.ofHours(1);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void a_pass_that_found_work_is_followed_by_another_at_once() throws InterruptedException {
    var third = new CountDownLatch(3);
    try (var loop =
        new Loop(
                "t",
                FOREVER,
                () -> {
                  third.countDown();
                  return true;
                },
                meters)
            .start()) {
      assertThat(loop).isNotNull();
      assertThat(third.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_failed_pass_is_counted_and_a_wake_brings_the_next() throws InterruptedException {
    var passes = new AtomicInteger();
    var first = new CountDownLatch(1);
    var second = new CountDownLatch(2);
    try (var loop =
        new Loop(
                "t",
                FOREVER,
                () -> {
                  first.countDown();
                  second.countDown();
                  if (passes.incrementAndGet() == 1) {
                    throw new IllegalStateException("first");
                  }
                  return false;
                },
                meters)
            .start()) {
      assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();
      loop.wake();
      assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(meters.counter("slipway.loop.failures", "loop", "t").count()).isEqualTo(1);
  }

  @Test
  void a_change_before_the_wait_is_not_missed() throws InterruptedException {
    var changes = new Changes();
    var seen = changes.count();
    changes.signal();
    assertThat(changes.awaitAbove(seen, FOREVER)).isTrue();
    assertThat(changes.awaitAbove(changes.count(), Duration.ZERO)).isFalse();
  }
}
