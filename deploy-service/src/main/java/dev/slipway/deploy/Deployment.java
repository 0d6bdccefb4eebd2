package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's, or auto-deploy's, wish to run a build.
 *
 * @param build the job's id
 * @param wave the step of the plan that is under way, from 0
 * @param waveHealthyAt since when the wave's machines are well, while it bakes
 * @param reason why it ended as it did, or what it waits for
 */
public record Deployment(
    long id,
    AppName app,
    long build,
    Cause cause,
    String requestedBy,
    DeploymentStatus status,
    Plan plan,
    int wave,
    @Nullable Instant waveStartedAt,
    @Nullable Instant waveHealthyAt,
    @Nullable String reason,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {
  boolean isLastWave() {
    return wave == plan.steps().size() - 1;
  }

  Plan.Step step() {
    return plan.steps().get(wave);
  }
}
