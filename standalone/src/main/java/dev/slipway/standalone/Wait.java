package dev.slipway.standalone;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for something to be there by looking again and again. */
public final class Wait {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final long GLANCE_MILLIS = 50;

  private Wait() {}

  /** A look: what is there, or nothing yet. */
  @FunctionalInterface
  public interface Look<T> {
    @Nullable T take() throws IOException, InterruptedException;
  }

  /**
   * Looks until there is something.
   *
   * @throws IOException when there was nothing for ten minutes
   */
  public static <T> T until(String what, Look<T> look) throws IOException, InterruptedException {
    return until(what, LONGEST, look);
  }

  /**
   * The same with a limit of its own.
   *
   * @throws IOException when there was nothing for so long
   */
  public static <T> T until(String what, Duration longest, Look<T> look)
      throws IOException, InterruptedException {
    var started = System.nanoTime();
    while (System.nanoTime() - started < longest.toNanos()) {
      var seen = look.take();
      if (seen != null) {
        return seen;
      }
      TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
    }
    throw new IOException("waited " + longest.toSeconds() + " s for " + what);
  }
}
