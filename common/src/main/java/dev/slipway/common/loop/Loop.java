package dev.slipway.common.loop;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a pass again and again on a thread of its own: at once after a pass that found work, else
 * after the interval (less up to a fifth of jitter, so that a fleet does not march in step) or when
 * woken. It survives the pass's errors.
 */
public final class Loop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  /** One pass. */
  @FunctionalInterface
  public interface Pass {
    /**
     * Does what there is to do.
     *
     * @return whether there was work, so that there may be more
     */
    boolean runOnce() throws Exception;
  }

  private final String name;
  private final Duration interval;
  private final Pass pass;
  private final Counter failures;
  private final Semaphore wakeups = new Semaphore(0);
  private final Thread thread;
  private volatile boolean open = true;

  /**
   * @param name of the thread and the {@code loop} tag of {@code slipway.loop.failures}
   * @param interval the longest wait between passes that find nothing
   */
  public Loop(String name, Duration interval, Pass pass, MeterRegistry meters) {
    this(Thread.ofPlatform().daemon(), name, interval, pass, meters);
  }

  /**
   * @param threads what kind of thread it gets. By default a platform's: a virtual one that waits
   *     for a monitor while it holds another needs a carrier to go on, and on two processors both
   *     can be taken, for good, by virtual threads that load classes and wait for what it holds
   */
  public Loop(
      Thread.Builder threads, String name, Duration interval, Pass pass, MeterRegistry meters) {
    this.name = name;
    this.interval = interval;
    this.pass = pass;
    this.failures = meters.counter("slipway.loop.failures", "loop", name);
    this.thread = threads.name(name).unstarted(this::run);
  }

  /** Starts the loop; once only. */
  public Loop start() {
    thread.start();
    return this;
  }

  /** Ends a wait early; during a pass, the next one follows at once. */
  public void wake() {
    wakeups.release();
  }

  private void run() {
    while (open) {
      var busy = false;
      try {
        wakeups.drainPermits();
        busy = pass.runOnce();
      } catch (InterruptedException stopped) {
        return;
      } catch (Exception | LinkageError e) {
        failures.increment();
        if (open) {
          log.warn("A pass of {} failed and will run again", name, e);
        }
      }
      if (!busy && open) {
        try {
          var millis = interval.toMillis();
          wakeups.tryAcquire(
              millis - ThreadLocalRandom.current().nextLong(millis / 5 + 1), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
          return;
        }
      }
    }
  }

  /** Stops the loop, interrupting a running pass, and waits up to ten seconds for its end. */
  @Override
  public void close() {
    open = false;
    thread.interrupt();
    try {
      if (!thread.join(Duration.ofSeconds(10))) {
        log.warn("{} has not ended after ten seconds", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
