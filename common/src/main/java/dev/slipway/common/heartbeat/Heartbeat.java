package dev.slipway.common.heartbeat;

import dev.slipway.common.problem.InvalidInput;

/** A worker's sign of life for one job that it holds. */
public record Heartbeat(long job, int attempt, String worker) {
  public Heartbeat {
    InvalidInput.unless(
        worker != null && !worker.isEmpty() && worker.length() <= 200,
        "worker",
        "must be 1 to 200 characters");
  }
}
