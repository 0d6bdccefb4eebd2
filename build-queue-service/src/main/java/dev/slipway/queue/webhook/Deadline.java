package dev.slipway.queue.webhook;

import dev.slipway.common.problem.Problem;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does work that may have to wait for the database, a few pieces at once, and is done with each in
 * time whatever the database does: forges wait some seconds only, and most deliver again when they
 * are refused with a 503.
 *
 * <p>What is late is interrupted. On a virtual thread that closes the connection it reads from, so
 * neither threads nor connections pile up while a database is frozen, nor backends while a lock is
 * held (they look whether their client is there); where it was just too late and commits all the
 * same, the same delivery finds its job when it comes again.
 */
final class Deadline {
  /** Bodies that may wait for a place; each may be of {@link Bodies#LARGEST} bytes. */
  private static final int WAITING = 64;

  private final Duration within;
  private final Semaphore places;

  /**
   * @param within for waiting and work together
   * @param parallel pieces of work at once
   */
  Deadline(Duration within, int parallel) {
    this.within = within;
    this.places = new Semaphore(parallel);
  }

  /**
   * Does the work, and throws what it throws.
   *
   * @throws Problem 503 if there is no place for it, or it was not done in time
   */
  <T> T run(Callable<T> work) throws InterruptedException {
    var end = System.nanoTime() + within.toNanos();
    if (places.getQueueLength() >= WAITING
        || !places.tryAcquire(within.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new Problem(503, "busy", "too many deliveries at once: deliver it again");
    }
    var task = new FutureTask<>(work);
    Thread.ofVirtual()
        .name("delivery")
        .start(() -> {
          try {
            task.run();
          } finally {
            places.release();
          }
        });
    try {
      return task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new Problem(
          503, "database-gone", "the database did not answer in time: deliver it again");
    } catch (ExecutionException failed) {
      throw unwrapped(failed);
    } finally {
      task.cancel(true);
    }
  }

  private static RuntimeException unwrapped(ExecutionException failed) {
    return failed.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(failed.getCause());
  }
}
