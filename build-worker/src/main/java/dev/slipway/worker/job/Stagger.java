package dev.slipway.worker.job;

import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to hesitate when a hint comes. All idle workers hear of each job and only one gets it:
 * if they all ask at once, the one waits behind the many. Who went in vain hesitates up to a
 * millisecond longer the next time; who got a job begins anew, without any. So it is mostly those
 * who have not been idle for long that come first, and of N idle workers the others come spread
 * over some N milliseconds after them. Where there is one worker, it does not hesitate.
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
    window = found ? 0 : Math.min(window + 1, MOST_MILLIS);
  }
}
