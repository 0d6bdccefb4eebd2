package dev.slipway.queue.job;

import dev.slipway.common.job.JobStatus;
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

  /**
   * Cancels a queued job at once. A running one is marked: its worker learns it from its next
   * heartbeat's answer, and its loss then ends the job instead of queueing it again.
   *
   * @return the state it is in now; none where the job has ended or does not exist
   */
  Optional<JobStatus> cancel(long job) {
    return jdbc.sql(
            """
            update job set
              status = case status when 'QUEUED' then 'CANCELLED' else status end,
              finished_at = case status when 'QUEUED' then now() end,
              cancel_requested_at = coalesce(cancel_requested_at, now())
            where id = :job and status in ('QUEUED', 'RUNNING')
            returning status
            """)
        .param("job", job)
        .query((row, n) -> JobStatus.valueOf(row.getString("status")))
        .optional();
  }

  /**
   * Queues a failed or cancelled job again, in its old place of the branch, with as many attempts
   * ahead as a new one has; what its attempts left behind stays.
   *
   * @return whether it did
   */
  boolean retry(long job) {
    return jdbc.sql(
                """
                update job set
                  status = 'QUEUED', max_attempts = least(attempt + 3, 100), worker = null, started_at = null,
                  finished_at = null, last_heartbeat = null, cancel_requested_at = null, failure = null
                where id = :job and status in ('FAILED', 'CANCELLED') and attempt < 100
                """)
            .param("job", job)
            .update()
        == 1;
  }
}
