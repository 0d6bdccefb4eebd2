package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.recipe.DeployRecipe;

/**
 * A build that went well and is not yet accepted.
 *
 * @param rollout how its repository asks to be deployed
 */
public record Finished(Claim claim, Published published, DeployRecipe rollout) {}
