package dev.slipway.deploy.console.build;

import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a build consists of beyond its row: attempts, copies, and where it was published to. */
final class BuildPartStore {
  private final JdbcClient jdbc;

  BuildPartStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<Attempt> attempts(long build) {
    return jdbc.sql("select * from job_attempt where job = :build order by attempt")
        .param("build", build)
        .query((row, n) ->
            new Attempt(
                row.getInt("attempt"),
                row.getString("worker"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                time(row, "finished_at"),
                row.getString("outcome"),
                row.getString("reason")))
        .list();
  }

  List<Copy> copies(long build) {
    return jdbc.sql(
            """
            select region.name, region.wanted, replica.status, replica.wanted_at, replica.present_at, replica.verified_at,
                   replica.moved_bytes, replica.agent, replica.problem
            from region left join replica on replica.region = region.name and replica.job = :build
            order by region.name
            """)
        .param("build", build)
        .query((row, n) ->
            new Copy(
                row.getString("name"),
                row.getBoolean("wanted"),
                row.getString("status"),
                time(row, "wanted_at"),
                time(row, "present_at"),
                time(row, "verified_at"),
                row.getObject("moved_bytes", Long.class),
                row.getString("agent"),
                row.getString("problem")))
        .list();
  }

  /** Who wants a running build to end, which its worker has not done yet. */
  Optional<String> stoppedBy(long build) {
    return jdbc.sql("select cancel_requested_by from job where id = :build and status = 'RUNNING'")
        .param("build", build)
        .query((row, n) -> Optional.ofNullable(row.getString("cancel_requested_by")))
        .optional()
        .flatMap(by -> by);
  }

  /**
   * The bucket that a build was published to: its worker moves the log there, too, and the log's
   * row names it. None before that.
   */
  Optional<URI> homeBucket(long build) {
    return jdbc.sql(
            "select bucket from log_archive where job = :build order by attempt desc limit 1")
        .param("build", build)
        .query(String.class)
        .optional()
        .map(URI::create);
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
