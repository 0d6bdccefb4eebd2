package dev.slipway.common.recipe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a wave of a deployment is well, besides how many of its machines may fail.
 *
 * @param minHealthy share of the wave's machines, in percent, that must run the build; none: all
 *     but those that may fail or be silent
 * @param maxRestarts how often a machine may have to start the build again; above it the machine
 *     counts as failed. None: as often as it takes
 * @param within how long a wave may go on without being well before the deployment fails
 * @param analysis what else is asked before the next wave; none: nothing
 */
public record Gate(
    @Nullable Integer minHealthy,
    @Nullable Integer maxRestarts,
    Duration within,
    @Nullable Analysis analysis) {
  /** What a recipe says that says nothing of it. */
  public static final Gate PLAIN = new Gate(null, null, Duration.ofMinutes(30), null);

  /**
   * A question to Prometheus about what the wave does.
   *
   * @param query PromQL that gives one number; {@code {app}} and {@code {build}} in it become the
   *     app's name and the build's number
   * @param min the least that is good; none: anything
   * @param max the most that is good; none: anything
   * @param open whether no answer counts as a good one; else the wave waits, and fails in the end
   */
  public record Analysis(String query, @Nullable Double min, @Nullable Double max, boolean open) {}
}
