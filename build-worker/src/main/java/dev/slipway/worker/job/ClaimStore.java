package dev.slipway.worker.job;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Takes the job that has waited longest, in one statement: no half-claimed state can exist, and two
 * workers never wait for each other.
 */
public final class ClaimStore {
  private final JdbcClient jdbc;

  public ClaimStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The next job, from now on {@code worker}'s; none, and nothing changed, when none waits. */
  public Optional<ClaimedJob> claim(String worker) {
    return jdbc.sql(
            """
            with next as (
              select id from job where status = 'QUEUED'
              order by created_at, id limit 1
              for update skip locked
            ), claimed as (
              update job set
                status = 'RUNNING', worker = :worker, attempt = job.attempt + 1,
                started_at = now(), last_heartbeat = now()
              from next where job.id = next.id
              returning job.id, job.attempt, job.app, job.commit_sha
            ), noted as (
              insert into job_attempt (job, attempt, worker, started_at)
              select id, attempt, :worker, now() from claimed
            )
            select claimed.id, claimed.attempt, claimed.app, claimed.commit_sha,
                   app.repository, app.branch, app.recipe
            from claimed join app on app.name = claimed.app
            """)
        .param("worker", worker)
        .query((row, n) ->
            new ClaimedJob(
                new Claim(row.getLong("id"), row.getInt("attempt"), worker),
                new AppName(row.getString("app")),
                new CommitSha(row.getString("commit_sha")),
                row.getString("repository"),
                row.getString("branch"),
                row.getString("recipe")))
        .optional();
  }
}
