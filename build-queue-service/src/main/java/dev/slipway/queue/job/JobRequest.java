package dev.slipway.queue.job;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.problem.InvalidInput;
import io.swagger.v3.oas.annotations.media.Schema;

/** Somebody's wish to have a commit built. */
@Schema(
    example =
        """
        {"app": "hello", "commit": "cccccccccccccccccccccccccccccccccccccccc"}\
        """)
public record JobRequest(AppName app, CommitSha commit) {
  public JobRequest {
    // JSON may leave them out
    InvalidInput.unless(app != null, "app", "is missing");
    InvalidInput.unless(commit != null, "commit", "is missing");
  }
}
