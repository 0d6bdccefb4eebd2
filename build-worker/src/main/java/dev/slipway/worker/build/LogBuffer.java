package dev.slipway.worker.build;

import java.nio.charset.StandardCharsets;
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
   * @param most bytes of UTF-8 of a whole log
   */
  LogBuffer(int most) {
    this.most = most;
    this.left = most;
  }

  /**
   * Adds what a build printed, as long as the log is not full.
   *
   * @return how much is waiting
   */
  int add(String text) {
    lock.lock();
    try {
      while (waiting.length() >= FULL && left > 0 && !discards && !ended) {
        taken.awaitUninterruptibly();
      }
      if (left > 0) {
        left -= text.getBytes(StandardCharsets.UTF_8).length;
        append(text);
        if (left <= 0) {
          append(
              "\nslipway: the log ends here: a build may print at most %d MiB; the build goes on\n"
                  .formatted(most >> 20));
        }
      }
      return waiting.length();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a line of the worker's own, also to a full log. */
  void say(String line) {
    lock.lock();
    try {
      append(line);
    } finally {
      lock.unlock();
    }
  }

  /** PostgreSQL refuses NUL, so it is replaced. */
  private void append(String text) {
    if (!discards) {
      waiting.append(text.replace('\0', '\uFFFD'));
    }
  }

  /** The next part, which splits no character; empty when nothing waits. */
  String take() {
    lock.lock();
    try {
      var length = Math.min(PART, waiting.length());
      if (length > 0 && !ended && Character.isHighSurrogate(waiting.charAt(length - 1))) {
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
