package dev.slipway.worker.job;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.trace.TraceParent;
import org.jspecify.annotations.Nullable;

/**
 * A job that this worker holds, with what it takes to build it.
 *
 * @param repository the address to clone
 * @param branch where the commit was pushed
 * @param recipe the text of a slipway.yml for repositories without one
 * @param journey its trace so far; none of jobs that have no trace
 */
public record ClaimedJob(
    Claim claim,
    AppName app,
    CommitSha commit,
    String repository,
    String branch,
    @Nullable String recipe,
    @Nullable Journey journey) {
  /** One without a trace. */
  public ClaimedJob(
      Claim claim,
      AppName app,
      CommitSha commit,
      String repository,
      String branch,
      @Nullable String recipe) {
    this(claim, app, commit, repository, branch, recipe, null);
  }

  /** The span of its build, of this attempt; none of jobs that have no trace. */
  public @Nullable TraceParent buildSpan() {
    return journey == null ? null : journey.push().child("build/" + claim.attempt());
  }

  /** The job and its attempt, as folders and objects are named. */
  public String folder() {
    return claim.job() + "-" + claim.attempt();
  }
}
