package dev.slipway.machine.region;

import dev.slipway.common.rate.TokenBucket;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Bounds what is read over all streams together. */
final class Throttle {
  private static final long BURST_NANOS = Duration.ofMillis(100).toNanos();

  private long limit;
  private volatile @Nullable TokenBucket rate;

  /** Bounds all reads from now on; 0 for no bound. */
  synchronized void limit(long bytesPerSecond) {
    if (bytesPerSecond != limit) {
      limit = bytesPerSecond;
      rate =
          bytesPerSecond == 0
              ? null
              : new TokenBucket(bytesPerSecond, BURST_NANOS, System.nanoTime());
    }
  }

  /** The same bytes, at the rate that is left. */
  InputStream of(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        var n = super.read(into, offset, length);
        if (n > 0) {
          pause(n);
        }
        return n;
      }
    };
  }

  private void pause(int bytes) throws IOException {
    var bucket = rate;
    if (bucket == null) {
      return;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(bucket.draw(bytes, System.nanoTime()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while it waited to read on");
    }
  }
}
