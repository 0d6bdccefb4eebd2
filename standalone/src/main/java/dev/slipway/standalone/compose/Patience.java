package dev.slipway.standalone.compose;

import dev.slipway.common.problem.Problem;
import dev.slipway.standalone.Api;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Calls that may be made again, of services that have just come up on a host that is busy. */
final class Patience {
  private static final int TRIES = 10;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  private Patience() {}

  /**
   * Puts something, until it is answered.
   *
   * @throws IOException when none of ten tries is
   * @throws Problem when it is refused: at once, but for failures of the service itself
   */
  static void put(Api api, String path, Object body) throws IOException, InterruptedException {
    for (var tried = 1; ; tried++) {
      try {
        api.put(path, body);
        return;
      } catch (IOException unanswered) {
        if (tried == TRIES) {
          throw unanswered;
        }
      } catch (Problem refused) {
        if (tried == TRIES || refused.status() < 500) {
          throw refused;
        }
      }
      TimeUnit.MILLISECONDS.sleep(
          ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MILLIS / 2, LONGEST_PAUSE_MILLIS));
    }
  }
}
