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
  private boolean stopped;

  /** From now on it is the calling thread that builds. */
  public synchronized void take() {
    builder = Thread.currentThread();
    if (end != null || stopped) {
      builder.interrupt();
    }
  }

  /** The calling thread goes on to other work, which no interrupt meant for this job may hit. */
  synchronized void leave() {
    builder = null;
    var _ = Thread.interrupted();
  }

  /** Ends the hold; the first end counts. */
  public synchronized void end(End how) {
    if (open && end == null) {
      end = how;
      interrupt();
    }
  }

  /** The worker stops: interrupts whatever is done for the job, its end included. */
  synchronized void stop() {
    stopped = true;
    interrupt();
  }

  private void interrupt() {
    if (builder != null) {
      builder.interrupt();
    }
  }

  /** How it ended; none while it holds. */
  public synchronized @Nullable End ended() {
    return end;
  }

  /** From here on an end is no longer heard, so that it cannot hit what follows the build. */
  @Override
  public synchronized void close() {
    open = false;
  }
}
