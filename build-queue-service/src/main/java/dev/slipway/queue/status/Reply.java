package dev.slipway.queue.status;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of telling a forge. */
sealed interface Reply {
  /** It knows. */
  record Told() implements Reply {}

  /** It does not want to know, and may be asked a few times more. */
  record Refused(String problem) implements Reply {}

  /**
   * It cannot be told now.
   *
   * @param after when it wants to hear from anybody again, where it says so
   */
  record Later(String problem, @Nullable Duration after) implements Reply {}
}
