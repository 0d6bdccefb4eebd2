package dev.slipway.deploy.console.worker;

import dev.slipway.common.job.Pool;
import dev.slipway.deploy.Progress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads who builds, what they build, and what waits for them. */
final class WorkerPageStore {
  private static final int MOST = 1_000;

  private final JdbcClient jdbc;

  WorkerPageStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A worker process that was heard of within a day.
   *
   * @param labels that it has
   * @param silent whether it was not heard of for so long that its builds are taken from it
   */
  record Worker(
      String name,
      int slots,
      int busy,
      List<String> labels,
      boolean draining,
      boolean silent,
      Instant startedAt,
      Instant seenAt) {}

  /** A build that a worker holds. */
  public record Running(long build, String app, int attempt, String worker, Instant startedAt) {}

  /** Builds that wait in one line. */
  record Waiting(List<String> labels, int builds, Instant oldest) {}

  /** By name, at most {@value #MOST}. */
  List<Worker> workers() {
    return jdbc.sql(
            """
            select *, seen_at <= now() - make_interval(secs => :silence) as silent
            from worker order by name limit :most
            """)
        .param("silence", Progress.SILENCE.toSeconds())
        .param("most", MOST)
        .query((row, n) ->
            new Worker(
                row.getString("name"),
                row.getInt("slots"),
                row.getInt("busy"),
                List.of((String[]) row.getArray("labels").getArray()),
                row.getBoolean("draining"),
                row.getBoolean("silent"),
                instant(row, "started_at"),
                instant(row, "seen_at")))
        .list();
  }

  /** What is being built, oldest first. */
  List<Running> running() {
    return jdbc.sql(
            """
            select id, app, attempt, worker, started_at from job
            where worker is not null and failure is null and replicated_at is null and status = 'RUNNING'
            order by started_at, id limit :most
            """)
        .param("most", MOST)
        .query((row, n) ->
            new Running(
                row.getLong("id"),
                row.getString("app"),
                row.getInt("attempt"),
                row.getString("worker"),
                instant(row, "started_at")))
        .list();
  }

  /** The lines that are not empty, the longest first. */
  List<Waiting> waiting() {
    return jdbc.sql(
            """
            select pool, count(*) as builds, min(created_at) as oldest
            from job where worker is null and failure is null group by pool order by builds desc, pool
            """)
        .query((row, n) ->
            new Waiting(
                Pool.of(row.getString("pool")).labels(),
                row.getInt("builds"),
                instant(row, "oldest")))
        .list();
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
