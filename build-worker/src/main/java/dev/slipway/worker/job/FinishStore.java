package dev.slipway.worker.job;

import dev.slipway.common.job.Claim;
import dev.slipway.common.job.Pool;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.Notices;
import java.sql.Types;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Ends the worker's hold on a job otherwise than by success, which {@link SlotStore} writes. Every
 * statement is fenced by the claim, keeps the attempt's outcome, and says whether the worker still
 * held the job; where it did not, nothing changed.
 */
public final class FinishStore {
  private static final int MAX_REASON = 2000;

  /**
   * An attempt that the job goes on after is kept beside it; one that ends it is kept in the job.
   * What becomes of the job, and when it may: filled in below.
   */
  private static final String END =
      """
      with held as (
        select job.id, job.attempt, job.worker, job.started_at, %s as becomes
        from job join app on app.name = job.app
        where job.id = :job and job.attempt = :attempt and job.worker = :worker and job.status = 'RUNNING'
          and %s
        for no key update of job
      ), past as (
        insert into past_attempt (job, attempt, worker, started_at, outcome, reason)
        select id, attempt, worker, started_at, :outcome, :reason from held where becomes = 'QUEUED'
      )
      update job set
        status = becomes,
        worker = case becomes when 'QUEUED' then null else job.worker end,
        started_at = case becomes when 'QUEUED' then null else job.started_at end,
        last_heartbeat = null,
        finished_at = case becomes when 'QUEUED' then null else now() end,
        failure = case becomes when 'QUEUED' then null else :reason end,
        max_attempts = least(max_attempts + :more, 100),
        pool = coalesce(:pool, pool)
      from held where job.id = held.id
      """;

  private static final String NOT_CANCELLED = "job.cancel_requested_at is null";

  private final JdbcClient jdbc;
  private final Notices notices;

  public FinishStore(JdbcClient jdbc, Notices notices) {
    this.jdbc = jdbc;
    this.notices = notices;
  }

  /** The build failed by itself: for good, unless its app wants such builds to be tried again. */
  public boolean fail(Claim claim, String reason) {
    return end(
        END.formatted(
            """
            case when app.retry_failures and job.attempt < job.max_attempts
                      and job.cancel_requested_at is null
                 then 'QUEUED' else 'FAILED' end
            """,
            "true"),
        claim,
        new Past("FAILED", reason, 0, null));
  }

  /** Acknowledges that somebody asked to cancel the build; only then. */
  public boolean cancelled(Claim claim) {
    return end(
        END.replace(":reason end", "'cancelled by ' || job.cancel_requested_by end")
            .formatted("'CANCELLED'", "job.cancel_requested_at is not null"),
        claim,
        new Past("CANCELLED", "", 0, null));
  }

  /**
   * Lets go of a job that the worker has no time to end. The next attempt has a number of its own,
   * but this one is not held against the job: it may have one more.
   */
  public boolean release(Claim claim) {
    return end(
        END.formatted("'QUEUED'", NOT_CANCELLED),
        claim,
        new Past("RELEASED", "the worker had to stop", 1, null));
  }

  /**
   * Passes a job on to workers with the labels that its commit asks for. Not held against the job;
   * its app's next build goes there at once.
   */
  public boolean passOn(Claim claim, Pool pool) {
    learn(claim, pool);
    return end(
        END.formatted("'QUEUED'", NOT_CANCELLED),
        claim,
        new Past("RELEASED", "needs a worker with the labels " + pool, 1, pool.text()));
  }

  /** The app's next build goes to this pool. */
  public void learn(Claim claim, Pool pool) {
    jdbc.sql(
            """
            update app set pool = :pool from job
            where job.id = :job and job.attempt = :attempt and job.worker = :worker and app.name = job.app
              and app.pool <> :pool
            """)
        .param("pool", pool.text())
        .param("job", claim.job())
        .param("attempt", claim.attempt())
        .param("worker", claim.worker())
        .update();
  }

  /**
   * Gives back a job that this worker could not build for reasons that are not the build's. It
   * counts as an attempt: after the last the job has failed with {@code reason}.
   */
  public boolean giveBack(Claim claim, String reason) {
    return end(
        END.formatted(
            "case when job.attempt < job.max_attempts then 'QUEUED' else 'FAILED' end",
            NOT_CANCELLED),
        claim,
        new Past("RELEASED", reason, 0, null));
  }

  /** What is kept of the attempt, and what it changes of the job besides its state. */
  private record Past(String outcome, String reason, int more, @Nullable String pool) {}

  private boolean end(String sql, Claim claim, Past past) {
    var rows =
        jdbc.sql(sql)
            .param("job", claim.job())
            .param("attempt", claim.attempt())
            .param("worker", claim.worker())
            .param("outcome", past.outcome())
            .param("reason", bounded(past.reason()))
            .param("more", past.more())
            .param("pool", past.pool(), Types.VARCHAR)
            .update();
    if (rows > 0) {
      notices.tell(Channel.JOB_CHANGED);
      notices.tell(Channel.JOB_QUEUED);
    }
    return rows > 0;
  }

  private static String bounded(String reason) {
    var text = reason.replace('\0', '\uFFFD');
    return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON);
  }
}
