package dev.slipway.worker;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullMarked;

/** Waits for a condition, bounded. */
@NullMarked
public final class Await {
  private Await() {}

  /** Waits until it holds, 20 seconds at most. */
  public static void until(Callable<Boolean> condition) throws Exception {
    until(condition, Duration.ofSeconds(20));
  }

  /** Waits until it holds. */
  public static void until(Callable<Boolean> condition, Duration most) throws Exception {
    var start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > most.toNanos()) {
        throw new AssertionError("did not come to pass within " + most.toSeconds() + " s");
      }
      Thread.sleep(Duration.ofMillis(10));
    }
  }
}
