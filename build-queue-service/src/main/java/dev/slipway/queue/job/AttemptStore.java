package dev.slipway.queue.job;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the attempts of jobs. */
public final class AttemptStore {
  private final JdbcClient jdbc;

  public AttemptStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A job's attempts, first to last. */
  List<Attempt> of(long job) {
    return jdbc.sql(
            """
            select attempt, worker, started_at, finished_at, outcome, reason from job_attempt
            where job = :job order by attempt
            """)
        .param("job", job)
        .query((row, n) ->
            new Attempt(
                row.getInt("attempt"),
                row.getString("worker"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                instant(row.getObject("finished_at", OffsetDateTime.class)),
                row.getString("outcome"),
                row.getString("reason")))
        .list();
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
