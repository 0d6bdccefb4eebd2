package dev.slipway.deploy.console;

import dev.slipway.common.job.CommitSha;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the pages show of builds beyond their rows: attempts, copies, commits. */
final class BuildStore {
  private final JdbcClient jdbc;

  BuildStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** One attempt to build it; no outcome while it runs. */
  public record Attempt(
      int number,
      String worker,
      Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable String outcome) {}

  /** Its copy in one region; no state while nobody has asked for one. */
  public record Copy(
      String region,
      boolean wanted,
      @Nullable String state,
      @Nullable Instant verifiedAt,
      @Nullable Long movedBytes,
      @Nullable String problem) {}

  List<Attempt> attempts(long build) {
    return jdbc.sql("select * from job_attempt where job = :build order by attempt")
        .param("build", build)
        .query((row, n) ->
            new Attempt(
                row.getInt("attempt"),
                row.getString("worker"),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                time(row, "finished_at"),
                row.getString("outcome")))
        .list();
  }

  List<Copy> copies(long build) {
    return jdbc.sql(
            """
            select region.name, region.wanted, replica.status, replica.verified_at, replica.moved_bytes, replica.problem
            from region left join replica on replica.region = region.name and replica.job = :build
            order by region.name
            """)
        .param("build", build)
        .query((row, n) ->
            new Copy(
                row.getString("name"),
                row.getBoolean("wanted"),
                row.getString("status"),
                time(row, "verified_at"),
                row.getObject("moved_bytes", Long.class),
                row.getString("problem")))
        .list();
  }

  /** By build the states of its copies, by region; a build with none is left out. */
  Map<Long, SortedMap<String, String>> copyStates(Collection<Long> builds) {
    var states = new HashMap<Long, SortedMap<String, String>>();
    if (!builds.isEmpty()) {
      jdbc.sql("select job, region, status from replica where job in (:builds)")
          .param("builds", builds)
          .query(row -> {
            states
                .computeIfAbsent(row.getLong("job"), job -> new TreeMap<>())
                .put(row.getString("region"), row.getString("status"));
          });
    }
    return states;
  }

  /** By build the first digits of its commit. */
  Map<Long, String> commits(Collection<Long> builds) {
    if (builds.isEmpty()) {
      return Map.of();
    }
    return jdbc
        .sql("select id, commit_sha from job where id in (:builds)")
        .param("builds", builds)
        .query((row, n) ->
            Map.entry(row.getLong("id"), new CommitSha(row.getString("commit_sha")).abbreviated()))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
