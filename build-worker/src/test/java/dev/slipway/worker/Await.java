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
    var start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > Duration.ofSeconds(20).toNanos()) {
        throw new AssertionError("did not come to pass within 20 s");
      }
      Thread.sleep(Duration.ofMillis(10));
    }
  }
}
