package dev.slipway.common.job;

import dev.slipway.common.app.AppName;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Moves jobs by hand: each move is one statement that does nothing from a state that forbids it.
 */
public final class JobMoveStore {
  private final JdbcClient jdbc;

  public JobMoveStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Whose job it is; none when there is no such job. */
  Optional<AppName> appOf(long job) {
    return jdbc.sql("select app from job where id = :job")
        .param("job", job)
        .query((row, n) -> new AppName(row.getString("app")))
        .optional();
  }

  /**
   * Cancels a queued job at once. A running one is marked: its worker learns it from its next
   * heartbeat's answer, and its loss then ends the job instead of queueing it again.
   *
   * @param by who asked
   * @return the state it is in now; none where the job has ended or does not exist
   */
  public Optional<JobStatus> cancel(long job, String by) {
    return jdbc.sql(
            """
            update job set
              status = case status when 'QUEUED' then 'CANCELLED' else status end,
              finished_at = case status when 'QUEUED' then now() end,
              failure = case status when 'QUEUED' then 'cancelled by ' || :by end,
              cancel_requested_at = coalesce(cancel_requested_at, now()),
              cancel_requested_by = coalesce(cancel_requested_by, :by)
            where id = :job and status in ('QUEUED', 'RUNNING')
            returning status
            """)
        .param("job", job)
        .param("by", by)
        .query((row, n) -> JobStatus.valueOf(row.getString("status")))
        .optional();
  }

  /**
   * Queues a failed or cancelled job again, in its old place of the branch, with as many attempts
   * ahead as a new one has; what its attempts left behind stays.
   *
   * @return whether it did
   */
  public boolean retry(long job) {
    return jdbc.sql(
                """
                with ended as (
                  select id, attempt, worker, started_at, finished_at, status, failure from job
                  where id = :job and status in ('FAILED', 'CANCELLED') and attempt < 100
                  for no key update
                ), past as (
                  insert into past_attempt (job, attempt, worker, started_at, finished_at, outcome, reason)
                  select id, attempt, worker, started_at, finished_at, status, failure from ended
                  where worker is not null
                  on conflict do nothing
                )
                update job set
                  status = 'QUEUED', max_attempts = least(job.attempt + app.max_attempts, 100), worker = null,
                  started_at = null, finished_at = null, last_heartbeat = null, cancel_requested_at = null,
                  cancel_requested_by = null, failure = null
                from ended, app where job.id = ended.id and app.name = job.app
                """)
            .param("job", job)
            .update()
        == 1;
  }
}
