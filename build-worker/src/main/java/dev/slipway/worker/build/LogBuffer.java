package dev.slipway.worker.build;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Output that was printed and is not written yet, bounded: who adds to a full buffer waits. After a
 * whole log's worth it takes no more.
 */
final class LogBuffer {
  private static final int FULL = 1 << 20;
  private static final int PART = 256 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition taken = lock.newCondition();
  private final StringBuilder waiting = new StringBuilder();
  private final int most;
  private long left;
  private boolean discards;
  private boolean ended;

  /**
   * @param most characters of a whole log
   */
  LogBuffer(int most) {
    this.most = most;
    this.left = most;
  }

  /**
   * Adds text; PostgreSQL refuses NUL, so it is replaced.
   *
   * @return how much is waiting
   */
  int add(String text) {
    lock.lock();
    try {
      while (waiting.length() >= FULL && !discards && !ended) {
        taken.awaitUninterruptibly();
      }
      if (left > 0 && !discards) {
        left -= text.length();
        waiting.append(text.replace('\0', '\uFFFD'));
        if (left <= 0) {
          waiting.append("\nslipway: the log ends here: a build may print at most ");
          waiting.append(most >> 20).append(" MiB\n");
        }
      }
      return waiting.length();
    } finally {
      lock.unlock();
    }
  }

  /** The next part, which splits no character; empty when nothing waits. */
  String take() {
    lock.lock();
    try {
      var length = Math.min(PART, waiting.length());
      if (length < waiting.length() && Character.isHighSurrogate(waiting.charAt(length - 1))) {
        length--;
      }
      var part = waiting.substring(0, length);
      waiting.delete(0, length);
      taken.signalAll();
      return part;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.length();
    } finally {
      lock.unlock();
    }
  }

  /** From here on nothing is kept: nobody may write the log any more. */
  void discard() {
    lock.lock();
    try {
      discards = true;
      waiting.setLength(0);
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** From here on nobody waits for room. */
  void end() {
    lock.lock();
    try {
      ended = true;
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
