package dev.slipway.queue.job;

import dev.slipway.common.job.JobStatus;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far jobs are. */
public final class ProgressStore {
  private final JdbcClient jdbc;

  public ProgressStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** How far a job is. */
  record Progress(JobStatus status, int attempt) {
    /** Whether an attempt may still print something. */
    boolean grows(int someAttempt) {
      return status == JobStatus.RUNNING && attempt == someAttempt;
    }
  }

  Optional<Progress> progress(long job) {
    return jdbc.sql("select status, attempt from job where id = :job")
        .param("job", job)
        .query((row, n) ->
            new Progress(JobStatus.valueOf(row.getString("status")), row.getInt("attempt")))
        .optional();
  }
}
