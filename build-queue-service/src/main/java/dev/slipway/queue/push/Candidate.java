package dev.slipway.queue.push;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.CommitSha;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A commit that is to become a job.
 *
 * @param before the branch's head before it; none when unknown or when the branch is new
 * @param ref the branch, as refs/heads/master
 * @param mergedAt when it reached the branch, as far as its sender knows
 * @param delivery the webhook that brought it
 */
public record Candidate(
    AppName app,
    CommitSha commit,
    @Nullable CommitSha before,
    String ref,
    @Nullable Instant mergedAt,
    FoundBy foundBy,
    @Nullable Delivery delivery) {

  /** A commit that no webhook brought. */
  public static Candidate found(AppName app, CommitSha commit, String branch, FoundBy foundBy) {
    return new Candidate(app, commit, null, "refs/heads/" + branch, null, foundBy, null);
  }
}
