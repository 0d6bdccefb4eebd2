package dev.slipway.common.loop;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A count of changes that others can wait on: what a long-poll sleeps on. Read {@link #count()}
 * first, then look at the state, then wait for a count above the one read; so no change is missed.
 */
public final class Changes {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long count;
  private boolean ended;

  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Says that something changed. */
  public void signal() {
    lock.lock();
    try {
      count++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody waits any more: called when a service stops, so that no long-poll holds it up. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the count is above {@code seen}, at most for {@code time}, and no longer than
   * {@link #end}.
   *
   * @return whether it is
   */
  public boolean awaitAbove(long seen, Duration time) throws InterruptedException {
    var left = time.toNanos();
    lock.lockInterruptibly();
    try {
      while (count <= seen) {
        if (left <= 0 || ended) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
