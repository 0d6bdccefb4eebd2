package dev.slipway.reaper;

import dev.slipway.common.job.JobStatus;
import dev.slipway.common.trace.TraceParent;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Takes jobs from workers that were not heard of, on the database's clock. Safe to run on several
 * instances at once.
 */
public final class LostJobStore {
  private final JdbcClient jdbc;

  public LostJobStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A job that was taken from its worker.
   *
   * @param becomes what became of it
   * @param startedAt when the worker had claimed it
   * @param takenAt when it was taken
   * @param push its trace; none of jobs that have no trace
   */
  public record LostJob(
      long id,
      int attempt,
      String worker,
      JobStatus becomes,
      Instant startedAt,
      Instant takenAt,
      @Nullable TraceParent push) {}

  /** What time it is on the database's clock. */
  Instant now() {
    return jdbc.sql("select now()")
        .query((row, n) -> row.getObject(1, OffsetDateTime.class).toInstant())
        .single();
  }

  /** Takes up to 100 jobs whose last heartbeat is older than {@code timeout}. */
  public List<LostJob> take(Duration timeout) {
    return jdbc.sql(
            """
            with stale as (
              select id, attempt, worker, started_at,
                     case when cancel_requested_at is not null then 'CANCELLED'
                          when attempt >= max_attempts then 'FAILED'
                          else 'QUEUED' end as becomes
              from job
              where worker is not null and failure is null and replicated_at is null and status = 'RUNNING'
                and last_heartbeat < now() - make_interval(secs => :timeout)
              order by id limit 100
              for update skip locked
            ), past as (
              insert into past_attempt (job, attempt, worker, started_at, outcome, reason)
              select id, attempt, worker, started_at, 'LOST', 'its worker was not heard of' from stale
            )
            update job set
              status = stale.becomes,
              worker = case when becomes = 'QUEUED' then null else job.worker end,
              started_at = case when becomes = 'QUEUED' then null else job.started_at end,
              last_heartbeat = null,
              finished_at = case when becomes = 'QUEUED' then null else now() end,
              failure = case becomes
                        when 'FAILED'
                        then 'lost with worker ' || job.worker || ' in attempt ' || job.attempt || ' of ' || job.max_attempts
                        when 'CANCELLED' then 'cancelled by ' || job.cancel_requested_by end
            from stale where job.id = stale.id
            returning job.id, stale.attempt, stale.worker, stale.becomes, stale.started_at, now() as taken_at, job.trace_parent
            """)
        .param("timeout", (double) timeout.toMillis() / 1000)
        .query((row, n) ->
            new LostJob(
                row.getLong("id"),
                row.getInt("attempt"),
                row.getString("worker"),
                JobStatus.valueOf(row.getString("becomes")),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                row.getObject("taken_at", OffsetDateTime.class).toInstant(),
                TraceParent.parse(row.getString("trace_parent")).orElse(null)))
        .list();
  }
}
