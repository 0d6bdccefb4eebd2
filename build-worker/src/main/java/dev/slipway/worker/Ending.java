package dev.slipway.worker;

import dev.slipway.common.job.Claim;
import dev.slipway.common.job.Pool;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.Finished;
import dev.slipway.worker.job.Hold;
import dev.slipway.worker.job.Slots;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataAccessException;

/**
 * Says how one attempt ended, whatever ended it: an end of the hold goes before all else. A
 * database that is away is tried again for some 40 seconds; after that the reaper finds the job.
 */
final class Ending {
  private static final RetryTemplate RETRY =
      new RetryTemplate(
          RetryPolicy.builder()
              .includes(DataAccessException.class)
              .maxRetries(9)
              .delay(Duration.ofMillis(200))
              .jitter(Duration.ofMillis(100))
              .multiplier(2)
              .maxDelay(Duration.ofSeconds(10))
              .build());

  private final FinishStore finish;
  private final Claim claim;
  private final Hold hold;
  private final Duration pause;

  /**
   * @param pause after a fault that was not the build's
   */
  Ending(FinishStore finish, Claim claim, Hold hold, Duration pause) {
    this.finish = finish;
    this.claim = claim;
    this.hold = hold;
    this.pause = pause;
  }

  /** The build is published. */
  Outcome succeeded(Build.Result result, Slots slots) {
    hold.close();
    var _ = Thread.interrupted();
    if (hold.ended() != null) {
      return end(Outcome.CANCELLED, () -> false);
    }
    try {
      var accepted = slots.finish(new Finished(claim, result.published(), result.rollout()));
      return accepted ? Outcome.SUCCEEDED : end(Outcome.CANCELLED, () -> false);
    } catch (InterruptedException stopped) {
      return stopped();
    }
  }

  /** The commit asks for a worker with other labels. */
  Outcome passedOn(Pool pool) {
    return end(Outcome.PASSED_ON, () -> finish.passOn(claim, pool));
  }

  /** The build failed for good. */
  Outcome failed(String reason) {
    return end(Outcome.FAILED, () -> finish.fail(claim, reason));
  }

  /** The thread was interrupted: by the hold's end, or because the worker must stop. */
  Outcome stopped() {
    return end(Outcome.RELEASED, () -> finish.release(claim));
  }

  /** Something else than the build is out of order. */
  Outcome fault(Exception fault) {
    // an interrupt shows as a fault where it hits a read or a write
    if (Thread.currentThread().isInterrupted()) {
      return stopped();
    }
    var message = fault.getMessage();
    var reason = message == null ? fault.getClass().getSimpleName() : message;
    try {
      // whatever is out of order gets time; the job is held meanwhile, so that nobody else meets it
      Thread.sleep(pause);
    } catch (InterruptedException stopped) {
      return stopped();
    }
    return end(Outcome.GIVEN_BACK, () -> finish.giveBack(claim, reason));
  }

  private Outcome end(Outcome outcome, Supplier<Boolean> statement) {
    hold.close();
    // from here on nobody interrupts but a stop, and the end has to be written down all the same
    var _ = Thread.interrupted();
    if (hold.ended() == Hold.End.LOST) {
      return Outcome.LOST;
    }
    if (hold.ended() == null && Boolean.TRUE.equals(RETRY.invoke(statement))) {
      return outcome;
    }
    return Boolean.TRUE.equals(RETRY.invoke(() -> finish.cancelled(claim)))
        ? Outcome.CANCELLED
        : Outcome.LOST;
  }
}
