package dev.slipway.common.job;

import dev.slipway.common.access.Caller;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.problem.Problem;
import org.springframework.transaction.support.TransactionOperations;

/** Moves jobs because somebody asked: each move and its audit are one transaction. */
public final class JobMoves {
  private final JobMoveStore moves;
  private final JobRepository jobs;
  private final AuditStore audit;
  private final Notices notices;
  private final TransactionOperations transaction;

  public JobMoves(
      JobMoveStore moves,
      JobRepository jobs,
      AuditStore audit,
      Notices notices,
      TransactionOperations transaction) {
    this.moves = moves;
    this.jobs = jobs;
    this.audit = audit;
    this.notices = notices;
    this.transaction = transaction;
  }

  /**
   * Cancels a job: a queued one at once, a running one through its worker.
   *
   * @return CANCELLED or RUNNING
   * @throws Problem 404, 403 if its app is none of the caller's, or 409 if it has ended
   */
  public JobStatus cancel(long job, Caller caller) {
    requireTheirs(job, caller);
    var now =
        transaction.execute(status -> {
          var moved = moves.cancel(job, caller.name()).orElseThrow(() -> illegal(job, "cancelled"));
          audit.record(caller.name(), "job-cancel", "job " + job, moved.name(), null);
          return moved;
        });
    notices.tell(Channel.JOB_CHANGED);
    return now;
  }

  /**
   * Queues a failed or cancelled job again.
   *
   * @throws Problem 404, 403 if its app is none of the caller's, or 409 if it is in another state
   *     or has had its hundred attempts
   */
  public void retry(long job, Caller caller) {
    requireTheirs(job, caller);
    transaction.executeWithoutResult(status -> {
      if (!moves.retry(job)) {
        throw illegal(job, "tried again");
      }
      audit.record(caller.name(), "job-retry", "job " + job, JobStatus.QUEUED.name(), null);
    });
    notices.tell(Channel.JOB_QUEUED);
    notices.tell(Channel.JOB_CHANGED);
  }

  private void requireTheirs(long id, Caller caller) {
    // not by the repository: within a transaction of the caller's, what it has loaded stays as it
    // was
    caller.mustDeploy(moves.appOf(id).orElseThrow(() -> Problem.notFound("job " + id)));
  }

  private Problem illegal(long id, String wish) {
    var job = jobs.findById(id);
    return job == null
        ? Problem.notFound("job " + id)
        : Problem.conflict(
            "illegal-move",
            "job %d is %s after attempt %d: it cannot be %s"
                .formatted(id, job.status(), job.attempt(), wish));
  }
}
