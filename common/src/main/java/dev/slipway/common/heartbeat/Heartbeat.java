package dev.slipway.common.heartbeat;

import dev.slipway.common.problem.InvalidInput;
import java.util.List;

/**
 * A worker's sign of life for all that it holds.
 *
 * @param worker 1 to 200 characters, of one process alone
 * @param slots how many jobs it can hold; 1 to 1,000
 * @param labels what it can build besides jobs without labels
 * @param draining whether it takes no more jobs because it is about to end
 * @param holds at most 1,000
 */
public record Heartbeat(
    String worker, int slots, List<String> labels, boolean draining, List<Held> holds) {
  private static final int MOST = 1_000;

  /** A job that the worker believes to hold. */
  public record Held(long job, int attempt) {}

  public Heartbeat {
    InvalidInput.unless(
        worker != null && !worker.isEmpty() && worker.length() <= 200,
        "worker",
        "must be 1 to 200 characters");
    InvalidInput.unless(slots >= 1 && slots <= MOST, "slots", "must be 1 to " + MOST);
    labels = labels == null ? List.of() : List.copyOf(labels);
    holds = holds == null ? List.of() : List.copyOf(holds);
    InvalidInput.unless(labels.size() <= MOST, "labels", "must be at most " + MOST);
    InvalidInput.unless(holds.size() <= MOST, "holds", "must be at most " + MOST);
  }
}
