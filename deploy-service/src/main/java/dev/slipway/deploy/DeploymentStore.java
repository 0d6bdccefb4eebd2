package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Deployments and their moves; every move names the state it leaves and does nothing where that is
 * not so.
 */
public final class DeploymentStore {
  private final JdbcClient jdbc;

  DeploymentStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Makes a pending deployment; auto-deploy makes at most one of a build, so it may find none to
   * make.
   */
  Optional<Deployment> create(AppName app, long build, Cause cause, String requestedBy, Plan plan) {
    return jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, plan)
            values (:app, :build, :cause, :by, cast(:plan as jsonb))
            on conflict (job) where cause = 'AUTO' do nothing
            returning *
            """)
        .param("app", app.value())
        .param("build", build)
        .param("cause", cause.name())
        .param("by", requestedBy)
        .param("plan", JsonMapper.shared().writeValueAsString(plan))
        .query(DeploymentStore::read)
        .optional();
  }

  public Optional<Deployment> find(long id) {
    return jdbc.sql("select * from deployment where id = :id")
        .param("id", id)
        .query(DeploymentStore::read)
        .optional();
  }

  /** A page by descending id: those with an id below {@code before}, of one app or of all. */
  public List<Deployment> list(@Nullable String app, long before, int limit) {
    return jdbc.sql(
            """
            select * from deployment
            where id < :before and (cast(:app as text) is null or app = :app) order by id desc limit :limit
            """)
        .param("before", before)
        .param("app", app)
        .param("limit", limit)
        .query(DeploymentStore::read)
        .list();
  }

  /** Deployments that have not ended, oldest first. */
  List<Long> open() {
    return jdbc.sql("select id from deployment where status in ('PENDING', 'ROLLING') order by id")
        .query((row, n) -> row.getLong("id"))
        .list();
  }

  /** Locks a deployment for this transaction; none when another instance has it. */
  Optional<Deployment> lock(long id) {
    return jdbc.sql("select * from deployment where id = :id for update skip locked")
        .param("id", id)
        .query(DeploymentStore::read)
        .optional();
  }

  /** Whether a later deployment of the same app waits or rolls. */
  Optional<Long> successorOf(Deployment deployment) {
    return jdbc.sql(
            """
            select id from deployment
            where app = :app and id > :id and status in ('PENDING', 'ROLLING', 'PAUSED')
            order by id desc limit 1
            """)
        .param("app", deployment.app().value())
        .param("id", deployment.id())
        .query((row, n) -> row.getLong("id"))
        .optional();
  }

  /** Ends the app's earlier deployments in favour of this one. */
  void supersedeEarlier(Deployment deployment) {
    jdbc.sql(
            """
            update deployment set status = 'SUPERSEDED', finished_at = now(), reason = 'superseded by deployment ' || :id
            where app = :app and id < :id and status in ('PENDING', 'ROLLING', 'PAUSED')
            """)
        .param("app", deployment.app().value())
        .param("id", deployment.id())
        .update();
  }

  /**
   * Moves a deployment to another state.
   *
   * @return whether it was in a state that may become {@code next}
   */
  boolean move(long id, DeploymentStatus next, @Nullable String reason) {
    var from =
        Arrays.stream(DeploymentStatus.values())
            .filter(s -> s.mayBecome(next))
            .map(Enum::name)
            .toList();
    return jdbc.sql(
                """
                update deployment set
                  status = :next, reason = :reason,
                  started_at = case when :next = 'ROLLING' then coalesce(started_at, now()) else started_at end,
                  finished_at = case when :ended then now() end
                where id = :id and status in (:from)
                """)
            .param("next", next.name())
            .param("reason", reason)
            .param("ended", next.isEnded())
            .param("id", id)
            .param("from", from)
            .update()
        == 1;
  }

  void startWave(long id, int wave) {
    jdbc.sql(
            "update deployment set wave = :wave, wave_started_at = now(), wave_healthy_at = null where id = :id")
        .param("wave", wave)
        .param("id", id)
        .update();
  }

  /** Notes that the wave is healthy, or is so no more; returns for how many seconds it has been. */
  double bakedSeconds(long id, boolean healthy) {
    return jdbc.sql(
            """
            update deployment set wave_healthy_at = case when :healthy then coalesce(wave_healthy_at, now()) end
            where id = :id
            returning coalesce(extract(epoch from now() - wave_healthy_at), 0)
            """)
        .param("healthy", healthy)
        .param("id", id)
        .query(Double.class)
        .single();
  }

  double waveSeconds(long id) {
    return jdbc.sql(
            "select extract(epoch from now() - wave_started_at) from deployment where id = :id")
        .param("id", id)
        .query(Double.class)
        .single();
  }

  /**
   * The build of the app's last deployment that succeeded with another build than {@code build}.
   */
  Optional<Long> lastGoodBuildBut(AppName app, long build) {
    return jdbc.sql(
            """
            select job from deployment where app = :app and status = 'SUCCEEDED' and job <> :build order by id desc limit 1
            """)
        .param("app", app.value())
        .param("build", build)
        .query((row, n) -> row.getLong("job"))
        .optional();
  }

  private static Deployment read(ResultSet row, int n) throws SQLException {
    return new Deployment(
        row.getLong("id"),
        new AppName(row.getString("app")),
        row.getLong("job"),
        Cause.valueOf(row.getString("cause")),
        row.getString("requested_by"),
        DeploymentStatus.valueOf(row.getString("status")),
        JsonMapper.shared().readValue(row.getString("plan"), Plan.class),
        row.getInt("wave"),
        instant(row, "wave_started_at"),
        instant(row, "wave_healthy_at"),
        row.getString("reason"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "started_at"),
        instant(row, "finished_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
