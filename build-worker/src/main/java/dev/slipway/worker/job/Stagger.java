package dev.slipway.worker.job;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to hesitate when a hint comes. All idle workers hear of each job and only one gets it:
 * if they all ask at once, the one waits behind the many. Who went in vain hesitates longer the
 * next time, up to a bound; who got a job, less. Where there is one worker, it does not hesitate.
 */
final class Stagger {
  private static final int MOST_MILLIS = 16;

  private int window;

  /** Milliseconds, at random. */
  long hesitation() {
    return window == 0 ? 0 : ThreadLocalRandom.current().nextInt(window + 1);
  }

  /** What came of a look after a hint. */
  void looked(boolean found) {
    window = found ? window / 2 : Math.min(2 * window + 1, MOST_MILLIS);
  }
}
