package dev.slipway.worker.build;

import dev.slipway.common.app.AppName;
import dev.slipway.common.trace.TraceParent;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which logs are whole and still in the database, and where they went. */
public final class ArchiveStore {
  /** The most that {@link #over} names. */
  static final int AT_ONCE = 50;

  private final JdbcClient jdbc;

  public ArchiveStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * An attempt that is over: nobody may append to its log any more.
   *
   * @param push its build's trace; none of builds that have no trace
   */
  record Over(AppName app, long job, int attempt, @Nullable TraceParent push) {
    /** The span of the attempt. */
    @Nullable TraceParent span() {
      return push == null ? null : push.child("build/" + attempt);
    }

    @Override
    public String toString() {
      return "build %d, attempt %d, of %s".formatted(job, attempt, app);
    }
  }

  /**
   * Some logs to archive: those of the worker's own jobs at once, others after ten minutes, which
   * is when their workers must be gone. In no order, so that workers do not all do the same.
   */
  List<Over> over(String worker) {
    return jdbc.sql(
            """
            select job.app, job.trace_parent, log.job, log.attempt
            from (select job, attempt, max(at) as at from job_log group by job, attempt) log
            join job on job.id = log.job
            left join past_attempt past on past.job = log.job and past.attempt = log.attempt
            where not (job.status = 'RUNNING' and job.attempt = log.attempt)
              and (coalesce(past.worker, job.worker) = :worker or log.at < now() - interval '10 minutes')
            order by random() limit :limit
            """)
        .param("worker", worker)
        .param("limit", AT_ONCE)
        .query((row, n) ->
            new Over(
                new AppName(row.getString("app")),
                row.getLong("job"),
                row.getInt("attempt"),
                TraceParent.parse(row.getString("trace_parent")).orElse(null)))
        .list();
  }

  /** Says where a log is from now on, and removes its pieces, both or neither. */
  void archived(Over over, URI bucket, long bytes) {
    jdbc.sql(
            """
            with archived as (
              insert into log_archive (job, attempt, bucket, bytes)
              values (:job, :attempt, :bucket, :bytes)
              on conflict do nothing
            )
            delete from job_log where job = :job and attempt = :attempt
            """)
        .param("job", over.job())
        .param("attempt", over.attempt())
        .param("bucket", bucket.toString())
        .param("bytes", bytes)
        .update();
  }
}
