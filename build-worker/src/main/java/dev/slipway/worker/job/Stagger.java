package dev.slipway.worker.job;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to hesitate when a hint comes. All idle workers hear of each job and only one gets it:
 * if they all ask at once, the one waits behind the many. Who went in vain hesitates a millisecond
 * longer the next time; who got a job, half as long. Of N idle workers one in N gets it, so that
 * hesitations settle at up to some 2 N milliseconds, and the shortest of them at a few. Where there
 * is one worker, it does not hesitate.
 */
final class Stagger {
  private static final int MOST_MILLIS = 250;

  private int window;

  /** Milliseconds, at random. */
  long hesitation() {
    return window == 0 ? 0 : ThreadLocalRandom.current().nextInt(window + 1);
  }

  /** What came of a look after a hint. */
  void looked(boolean found) {
    window = found ? window / 2 : Math.min(window + 1, MOST_MILLIS);
  }
}
