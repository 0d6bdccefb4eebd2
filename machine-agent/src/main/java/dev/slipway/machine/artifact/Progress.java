package dev.slipway.machine.artifact;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Bytes of a running download that are there, read by anyone; and how fast more may come. */
public final class Progress {
  private volatile long bytes;
  private volatile @Nullable LongSupplier source;
  private volatile long bytesPerSecond;
  private @Nullable IntConsumer engine;

  /**
   * Bounds what comes from now on.
   *
   * @param perSecond bytes; 0 for no bound
   */
  public synchronized void limit(long perSecond) {
    bytesPerSecond = perSecond;
    notifyAll();
    if (engine != null) {
      engine.accept((int) Math.min(perSecond, Integer.MAX_VALUE));
    }
  }

  void at(long there) {
    bytes = there;
  }

  /** As {@link #at}, on the thread that reads: waits for as long as the bound wants. */
  void read(long there) {
    var more = there - bytes;
    var first = bytes == 0;
    bytes = there;
    var rate = bytesPerSecond;
    if (rate > 0 && more > 0 && !first) {
      pause(rate, TimeUnit.SECONDS.toNanos(more) / rate);
    }
  }

  /** For bytes that come besides those that are followed: waits for as long as the bound wants. */
  void pace(int more) {
    var rate = bytesPerSecond;
    if (rate > 0) {
      pause(rate, TimeUnit.SECONDS.toNanos(more) / rate);
    }
  }

  /** Waits, unless the bound changes. */
  private synchronized void pause(long rate, long nanos) {
    var end = System.nanoTime() + nanos;
    try {
      for (var left = nanos; left > 0 && bytesPerSecond == rate; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      // the next read ends by it
      Thread.currentThread().interrupt();
    }
  }

  /** Bytes are counted, and bounded, elsewhere from now on. */
  synchronized void follow(LongSupplier supplier, IntConsumer limiter) {
    source = supplier;
    engine = limiter;
    limit(bytesPerSecond);
  }

  synchronized void unfollow() {
    bytes = bytes();
    source = null;
    engine = null;
  }

  public long bytes() {
    var followed = source;
    return followed == null ? bytes : followed.getAsLong();
  }
}
