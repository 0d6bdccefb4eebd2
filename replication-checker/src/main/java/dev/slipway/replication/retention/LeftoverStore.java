package dev.slipway.replication.retention;

import dev.slipway.common.app.AppName;
import dev.slipway.common.log.BuildLogs;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What attempts left behind. All times are the database's. */
final class LeftoverStore {
  private static final int AT_ONCE = 1_000;

  private final JdbcClient jdbc;

  LeftoverStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** An archived log. */
  record Log(AppName app, long job, int attempt, String bucket, long bytes) {
    String object() {
      return BuildLogs.objectOf(app, job, attempt);
    }
  }

  /** Logs of builds that ended so long ago and are not kept. */
  List<Log> logs(Duration kept) {
    return jdbc.sql(
            """
            select job.app, job.id, log_archive.attempt, log_archive.bucket, log_archive.bytes
            from log_archive join job on job.id = log_archive.job
            where job.finished_at < now() - make_interval(secs => :kept)
              and (job.status <> 'SUCCEEDED' or job.retired_at is not null)
            order by random() limit :limit
            """)
        .param("kept", kept.toSeconds())
        .param("limit", AT_ONCE)
        .query((row, n) ->
            new Log(
                new AppName(row.getString("app")),
                row.getLong("id"),
                row.getInt("attempt"),
                row.getString("bucket"),
                row.getLong("bytes")))
        .list();
  }

  /** Notes that a log is gone; after its object, so that none is left that no row names. */
  void forget(Log log) {
    jdbc.sql("delete from log_archive where job = :job and attempt = :attempt")
        .param("job", log.job())
        .param("attempt", log.attempt())
        .update();
  }

  /** Whether an attempt ended so long ago that nothing of it comes any more. */
  boolean isOver(long job, int attempt, Duration ago) {
    return jdbc.sql(
            """
            select exists (
              select from job left join past_attempt past on past.job = job.id and past.attempt = :attempt
              where job.id = :job and (job.attempt > :attempt or job.finished_at is not null)
                and coalesce(past.finished_at, job.finished_at) < now() - make_interval(secs => :ago))
            """)
        .param("job", job)
        .param("attempt", attempt)
        .param("ago", ago.toSeconds())
        .query(Boolean.class)
        .single();
  }
}
