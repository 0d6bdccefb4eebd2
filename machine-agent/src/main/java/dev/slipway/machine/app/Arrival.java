package dev.slipway.machine.app;

import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Assignment;
import dev.slipway.machine.artifact.NoRoom;
import dev.slipway.machine.artifact.Refused;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the target's release here: tried until it is here, refused, or no longer wanted. */
final class Arrival {
  private static final Logger log = LoggerFactory.getLogger(Arrival.class);

  /** Failures in a row after which the target counts as failed, though it is tried on. */
  private static final int PATIENT_FAILURES = 3;

  private final Function<Assignment, Installation> install;
  private final Runnable askAgain;
  private final Room room;
  private final Status status;
  private final Backoff retry = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
  private @Nullable Installation installation;

  /** Makes room on the disk, if it can. */
  interface Room {
    void make() throws IOException;
  }

  /**
   * @param install starts one try
   * @param askAgain asks the region where the release is now
   * @param room asked when a try found none
   */
  Arrival(Function<Assignment, Installation> install, Runnable askAgain, Room room, Status status) {
    this.install = install;
    this.askAgain = askAgain;
    this.room = room;
    this.status = status;
  }

  /** Starts a try, when it is time for one. */
  void begin(Assignment target) {
    if (installation == null && retry.isDue()) {
      status.enter(AppState.DOWNLOADING);
      installation = install.apply(target);
    }
  }

  /** Takes over a try that somebody else has begun. */
  void adopt(Installation begun) {
    status.enter(AppState.DOWNLOADING);
    installation = begun;
  }

  /**
   * Whether a try is under way; takes note of how the one that ended went.
   *
   * @throws Refused when it is of no use to try again
   * @throws IOException when not even room can be made
   */
  boolean isUnderWay(Assignment target) throws IOException, InterruptedException, Refused {
    var ending = installation;
    if (ending == null) {
      return false;
    }
    if (!ending.hasEnded()) {
      return true;
    }
    installation = null;
    try {
      ending.result();
      retry.reset();
      status.suffers(null);
      status.stuck(false);
    } catch (IOException e) {
      failed(target, e);
    }
    return false;
  }

  private void failed(Assignment target, IOException e) throws IOException {
    retry.failed();
    var reason = e.getMessage();
    status.suffers(reason);
    status.stuck(retry.failures() >= PATIENT_FAILURES);
    if (retry.failures() == 1) {
      log.warn(
          "Build {} of {} is not here yet and will be tried again: {}",
          target.release().build(),
          target.app(),
          reason);
    }
    askAgain.run();
    if (e instanceof NoRoom) {
      room.make();
    }
  }

  /** Bytes that are here of the try under way. */
  long bytesDone() {
    return installation == null ? 0 : installation.bytesDone();
  }

  /** Ends what is under way, for good. */
  void giveUp() throws InterruptedException {
    if (installation != null) {
      installation.cancel();
      installation = null;
    }
    retry.reset();
  }
}
