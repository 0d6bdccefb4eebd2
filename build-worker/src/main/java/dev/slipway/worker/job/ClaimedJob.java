package dev.slipway.worker.job;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import org.jspecify.annotations.Nullable;

/**
 * A job that this worker holds, with what it takes to build it.
 *
 * @param repository the address to clone
 * @param branch where the commit was pushed
 * @param recipe the text of a slipway.yml for repositories without one
 */
public record ClaimedJob(
    Claim claim,
    AppName app,
    CommitSha commit,
    String repository,
    String branch,
    @Nullable String recipe) {
  /** The job and its attempt, as folders and objects are named. */
  public String folder() {
    return claim.job() + "-" + claim.attempt();
  }
}
