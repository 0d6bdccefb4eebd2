package dev.slipway.worker.build;

import dev.slipway.common.job.Claim;
import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;

/**
 * Writes what a build prints to its log, soon after it was printed. While the database is away the
 * build's output waits, up to a bound, after which the build waits too.
 */
public final class LogStream implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogStream.class);
  private static final Duration SOON = Duration.ofMillis(300);
  private static final int ENOUGH = 32 << 10;

  /** For the end of a log, while the database is away. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The same when somebody waits for the build to let go. */
  private static final Duration HURRY = Duration.ofSeconds(3);

  private final LogStore store;
  private final Claim claim;
  private final LogBuffer buffer;
  private final Loop flusher;
  private final ReentrantLock flushing = new ReentrantLock();
  private long start;
  private String unsent = "";

  /** A log that takes at most 64 MiB. */
  public LogStream(LogStore store, Claim claim, MeterRegistry meters) {
    this(store, claim, meters, 64 << 20);
  }

  LogStream(LogStore store, Claim claim, MeterRegistry meters, int most) {
    this.store = store;
    this.claim = claim;
    this.buffer = new LogBuffer(most);
    this.flusher = new Loop("build-log", SOON, this::flushSome, meters).start();
  }

  /** A line of the worker's own. */
  public void say(String line) {
    buffer.say("slipway: " + line + "\n");
  }

  /** Starts to copy a command's output, until its end. */
  Thread copy(InputStream output) {
    // reads of a pipe would hold a carrier thread each
    return Thread.ofPlatform().daemon().name("build-output").start(() -> read(output));
  }

  private void read(InputStream output) {
    // the reader keeps the bytes of a character that is not whole yet, and replaces what is none
    try (var reader = new InputStreamReader(output, StandardCharsets.UTF_8)) {
      var chars = new char[8 << 10];
      for (int n = reader.read(chars); n >= 0; n = reader.read(chars)) {
        if (buffer.add(new String(chars, 0, n)) >= ENOUGH) {
          flusher.wake();
        }
      }
    } catch (IOException closed) {
      log.debug("The output of {} ended early", claim, closed);
    }
  }

  private boolean flushSome() throws InterruptedException {
    return flush() && buffer.size() >= ENOUGH;
  }

  /** Sends a part of what there is; false when nothing waited, not even with another thread. */
  private boolean flush() throws InterruptedException {
    // the other one may hang in a write
    flushing.lockInterruptibly();
    try {
      if (unsent.isEmpty()) {
        // half a character becomes a whole one here, so that everybody counts the same bytes
        unsent = new String(buffer.take().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      }
      if (unsent.isEmpty()) {
        return false;
      }
      // sent again under the same number when the answer is lost, so that nothing is there twice
      if (!store.append(claim, start, unsent)) {
        buffer.discard();
      }
      start += unsent.getBytes(StandardCharsets.UTF_8).length;
      unsent = "";
      return true;
    } finally {
      flushing.unlock();
    }
  }

  /**
   * Sends the rest. While the database is away it is tried for about a minute, or until the thread
   * is interrupted; for a few seconds only when it was interrupted before.
   */
  @Override
  public void close() {
    buffer.end();
    // an interrupt that ended the build must not cut its log
    var interrupted = Thread.interrupted();
    try {
      retry(interrupted ? HURRY : PATIENCE).execute(this::sendAll);
    } catch (RetryException given) {
      interrupted |= given.getCause() instanceof InterruptedException;
      log.warn("The end of the log of {} could not be written", claim, given);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      flusher.close();
    }
  }

  private static RetryTemplate retry(Duration within) {
    return new RetryTemplate(
        RetryPolicy.builder()
            .includes(DataAccessException.class)
            .maxRetries(Long.MAX_VALUE)
            .timeout(within)
            .delay(Duration.ofMillis(200))
            .jitter(Duration.ofMillis(100))
            .multiplier(2)
            .maxDelay(Duration.ofSeconds(8))
            .build());
  }

  private boolean sendAll() throws InterruptedException {
    var more = true;
    while (more) {
      more = flush();
    }
    return true;
  }
}
