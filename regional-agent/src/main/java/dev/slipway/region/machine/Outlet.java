package dev.slipway.region.machine;

import dev.slipway.common.problem.Problem;
import dev.slipway.common.rate.TokenBucket;
import dev.slipway.region.RangedAnswer.Content;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What machines read of this agent by HTTP, bounded in bytes a second and in readers at a time: a
 * thousand machines that lose their peers at once must not take the agent from those who poll.
 */
public final class Outlet {
  private static final long BURST_NANOS = Duration.ofMillis(100).toNanos();

  private final Semaphore readers;
  private final TokenBucket rate;
  private final Counter bytes;
  private final Counter refused;

  /**
   * @param bytesPerSecond over all readers
   * @param readers at a time
   * @param meters get {@code slipway.outlet.bytes} and {@code slipway.outlet.refused}
   */
  public Outlet(long bytesPerSecond, int readers, MeterRegistry meters) {
    this.readers = new Semaphore(readers);
    this.rate = new TokenBucket(bytesPerSecond, BURST_NANOS, System.nanoTime());
    this.bytes = meters.counter("slipway.outlet.bytes");
    this.refused = meters.counter("slipway.outlet.refused");
  }

  /**
   * The same content, at the rate that is left.
   *
   * @throws Problem 503 when opened while too many others read
   */
  Content of(Content content) {
    return (from, length) -> {
      if (!readers.tryAcquire()) {
        refused.increment();
        throw new Problem(503, "too-many-readers", "too many machines read from this agent");
      }
      try {
        return new Reading(content.open(from, length));
      } catch (IOException | RuntimeException e) {
        readers.release();
        throw e;
      }
    };
  }

  private final class Reading extends FilterInputStream {
    private boolean open = true;

    Reading(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      var n = super.read(into, offset, length);
      if (n > 0) {
        bytes.increment(n);
        pause(rate.draw(n, System.nanoTime()));
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      if (open) {
        open = false;
        readers.release();
      }
      super.close();
    }
  }

  private static void pause(long nanos) throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while an artifact was sent");
    }
  }
}
