package dev.slipway.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class StreamsTest {
  private final Streams streams = new Streams(1, new SimpleMeterRegistry());
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void no_more_streams_are_open_than_may_and_all_end_at_shutdown() throws Exception {
    streams.start();
    streams.open(emitter -> {
      never.await();
      return true;
    });
    assertThatThrownBy(() -> streams.open(emitter -> true)).isInstanceOf(Problem.class);
    streams.stop();
    awaitNoStream();
    assertThatThrownBy(() -> streams.open(emitter -> true)).isInstanceOf(Problem.class);
  }

  @Test
  void a_stream_that_has_said_all_makes_room() throws Exception {
    streams.start();
    streams.open(emitter -> false);
    awaitNoStream();
    streams.open(emitter -> false);
  }

  private void awaitNoStream() throws InterruptedException {
    var end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (streams.size() > 0 && System.nanoTime() < end) {
      never.await(5, TimeUnit.MILLISECONDS);
    }
    assertThat(streams.size()).isZero();
  }
}
