package dev.slipway.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.app.AppName;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TurnsTest {
  private static final AppName APP = new AppName("hello");

  /** A thread each: the common pool may have one alone. */
  private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

  private final World world = new World();

  private Turns turns(Duration patience) {
    return new Turns(world.transaction, new TurnStore(world.jdbc), patience);
  }

  /** Somebody who has the app's turn until told to end. */
  private CompletableFuture<String> holder(CountDownLatch has, CountDownLatch end) {
    return CompletableFuture.supplyAsync(() ->
        turns(Duration.ZERO)
            .await(
                APP,
                () -> {
                  has.countDown();
                  try {
                    return end.await(1, TimeUnit.MINUTES) ? "ended" : "was not told to end";
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
  }

  @Test
  void who_meets_somebody_at_an_app_decides_after_them() throws Exception {
    var has = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var holder = holder(has, end);
    has.await();
    assertThat(turns(Duration.ZERO).tryNow(APP, () -> true)).as("without patience").isFalse();
    var asked = new CountDownLatch(1);
    var patient =
        CompletableFuture.supplyAsync(
            () -> {
              asked.countDown();
              return turns(Duration.ofMinutes(1)).tryNow(APP, () -> true);
            },
            THREADS);
    asked.await();
    end.countDown();
    assertThat(patient.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(holder.get()).isEqualTo("ended");
  }

  @Test
  void what_was_decided_is_not_asked_again() {
    assertThat(turns(Duration.ofMinutes(1)).tryNow(APP, () -> false)).isFalse();
  }
}
