package dev.slipway.worker.build;

import dev.slipway.common.job.Claim;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Appends to a build's log, fenced by the claim. */
public final class LogStore {
  private final JdbcClient jdbc;

  public LogStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Appends a piece; one that is there already, from a try whose answer was lost, stays.
   *
   * @param start bytes of the log before it
   * @param content 1 byte to 1 MiB, without NUL
   * @return whether the worker still holds the job
   */
  public boolean append(Claim claim, long start, String content) {
    return jdbc.sql(
            """
            with held as (
              select id, attempt from job
              where id = :job and attempt = :attempt and worker = :worker and status = 'RUNNING'
            ), appended as (
              insert into job_log (job, attempt, start, content)
              select id, attempt, :start, :content from held
              on conflict do nothing
            )
            select count(*) > 0 from held
            """)
        .param("job", claim.job())
        .param("attempt", claim.attempt())
        .param("worker", claim.worker())
        .param("start", start)
        .param("content", content)
        .query(Boolean.class)
        .single();
  }
}
