package dev.slipway.queue.job;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;

/** Somebody's wish to have a commit built. */
public record JobRequest(AppName app, CommitSha commit) {
  public JobRequest {
    // JSON may leave them out
    InvalidInput.unless(app != null, "app", "is missing");
    InvalidInput.unless(commit != null, "commit", "is missing");
  }
}
