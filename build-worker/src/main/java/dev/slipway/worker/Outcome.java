package dev.slipway.worker;

import java.util.Locale;

/** How a worker's work on a job ended. */
enum Outcome {
  SUCCEEDED,
  FAILED,
  CANCELLED,
  /** Somebody else has the job. */
  LOST,
  /** The worker was asked to stop; somebody else builds it. */
  RELEASED,
  /** Somebody with the right labels builds it. */
  PASSED_ON,
  /** A fault that was not the build's. */
  GIVEN_BACK;

  /** As metrics call it. */
  String tag() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
