package dev.slipway.worker.job;

import org.jspecify.annotations.Nullable;

/**
 * A worker's hold on its job, seen by two threads: the one that builds, and the one that learns of
 * the hold's end and interrupts the first, whatever it is doing.
 */
public final class Hold implements AutoCloseable {
  /** How a hold ends before its job does. */
  public enum End {
    /** Somebody else has the job, or nobody. */
    LOST,
    /** Somebody asked to cancel the job. */
    CANCELLED
  }

  private @Nullable Thread builder;
  private @Nullable End end;
  private boolean open = true;

  /** From now on it is the calling thread that builds. */
  public synchronized void take() {
    builder = Thread.currentThread();
    if (end != null) {
      builder.interrupt();
    }
  }

  /** Ends the hold; the first end counts. */
  public synchronized void end(End how) {
    if (open && end == null) {
      end = how;
      if (builder != null) {
        builder.interrupt();
      }
    }
  }

  /** How it ended; none while it holds. */
  public synchronized @Nullable End ended() {
    return end;
  }

  /** From here on an end is no longer heard, so that it cannot hit the thread's next work. */
  @Override
  public synchronized void close() {
    open = false;
  }
}
