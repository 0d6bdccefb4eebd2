package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's, or auto-deploy's, wish to run a build.
 *
 * @param build the job's id
 * @param wave the step of the plan that is under way, from 0
 * @param waveHealthyAt since when the wave's machines are well, while they are
 * @param waveIllAt since when they are not, while they are not; the wave's deadline counts from it
 * @param reason why it ended as it did, or what it waits for
 * @param successor the deployment that took its place
 * @param promoted what of the gate a person let pass
 * @param freezeOverride why it may begin in spite of a freeze
 * @param approvedBy the second person
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
    @Nullable Instant waveIllAt,
    @Nullable String reason,
    @Nullable Long successor,
    @Nullable Promotion promoted,
    @Nullable String freezeOverride,
    @Nullable String approvedBy,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {
  /** What a person lets pass of the gate. */
  public enum Promotion {
    /** The bake of the wave under way. */
    WAVE,
    /** Everything between here and the last wave. */
    ALL
  }

  boolean isLastWave() {
    return wave == plan.steps().size() - 1;
  }

  /** The wave under way. */
  public Plan.Step step() {
    return plan.steps().get(wave);
  }
}
