package dev.slipway.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One commit's way from push to last machine, each second attributed to a stage. */
public final class TimelineStore {
  private static final List<String> STAGES =
      List.of("queue", "build", "replicate", "wait", "deploy");
  private static final List<String> BOUNDS =
      List.of(
          "created_at",
          "started_at",
          "finished_at",
          "replicated_at",
          "deploy_started_at",
          "deploy_finished_at");

  private final JdbcClient jdbc;

  TimelineStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A stage of the way.
   *
   * @param until none while it lasts, or before it begins
   */
  public record Stage(String name, @Nullable Instant from, @Nullable Instant until) {
    /** How long it took; none unless it has ended. */
    @JsonProperty
    public @Nullable Double seconds() {
      return from == null || until == null
          ? null
          : (until.toEpochMilli() - from.toEpochMilli()) / 1000.0;
    }
  }

  /**
   * A build's stages: queue, build (with publishing), replicate, wait for its deployment, deploy.
   */
  public Optional<List<Stage>> of(long build) {
    return jdbc.sql(
            """
            select job.created_at, job.started_at, job.finished_at, job.replicated_at,
                   d.started_at as deploy_started_at, d.finished_at as deploy_finished_at
            from job left join lateral (
              select started_at, finished_at from deployment
              where deployment.job = job.id and deployment.cause <> 'ROLLBACK' and started_at is not null
              order by id limit 1) d on true
            where job.id = :build
            """)
        .param("build", build)
        .query(TimelineStore::read)
        .optional();
  }

  private static List<Stage> read(ResultSet row, int n) throws SQLException {
    var stages = new ArrayList<Stage>();
    for (var i = 0; i < STAGES.size(); i++) {
      stages.add(new Stage(STAGES.get(i), time(row, BOUNDS.get(i)), time(row, BOUNDS.get(i + 1))));
    }
    return stages;
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
