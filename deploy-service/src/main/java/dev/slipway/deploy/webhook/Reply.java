package dev.slipway.deploy.webhook;

import org.jspecify.annotations.Nullable;

/**
 * What came of sending.
 *
 * @param status that the receiver answered; none where it did not
 * @param problem in words; none where it was taken
 */
record Reply(@Nullable Integer status, @Nullable String problem) {
  boolean isTaken() {
    return status != null && status / 100 == 2;
  }

  /** Whether the receiver does not want it, rather than cannot take it now. */
  boolean isRefused() {
    return status != null
        && status / 100 != 2
        && status / 100 != 5
        && status != 408
        && status != 425
        && status != 429;
  }
}
