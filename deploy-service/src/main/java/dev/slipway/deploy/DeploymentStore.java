package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.deploy.Deployment.Promotion;
import dev.slipway.deploy.trace.DeploymentTraces;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
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
   *
   * @param freezeOverride why it may begin in spite of a freeze
   */
  Optional<Deployment> create(
      AppName app,
      long build,
      Cause cause,
      String requestedBy,
      Plan plan,
      @Nullable String freezeOverride) {
    return jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, plan, freeze_override)
            values (:app, :build, :cause, :by, cast(:plan as jsonb), :override)
            on conflict (job) where cause = 'AUTO' do nothing
            returning *
            """)
        .param("app", app.value())
        .param("build", build)
        .param("cause", cause.name())
        .param("by", requestedBy)
        .param("plan", JsonMapper.shared().writeValueAsString(plan))
        .param("override", freezeOverride)
        .query(DeploymentStore::read)
        .optional();
  }

  public Optional<Deployment> find(long id) {
    return jdbc.sql("select * from deployment where id = :id")
        .param("id", id)
        .query(DeploymentStore::read)
        .optional();
  }

  /**
   * Whose deployment it is, which never changes.
   *
   * @throws Problem 404 when there is none of that id
   */
  public AppName appOf(long id) {
    return find(id).orElseThrow(() -> Problem.notFound("deployment " + id)).app();
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

  /**
   * A deployment that may make a step.
   *
   * @param span its own in its build's trace; none of builds that have no trace
   */
  record Movable(Deployment deployment, @Nullable TraceParent span) {}

  /** Deployments of all apps that may make a step, oldest first. */
  List<Movable> movable() {
    return jdbc.sql(
            """
            select deployment.*, job.trace_parent from deployment join job on job.id = deployment.job
            where deployment.status in ('PENDING', 'ROLLING') order by deployment.id
            """)
        .query((row, n) -> {
          var deployment = read(row, n);
          var span =
              TraceParent.parse(row.getString("trace_parent"))
                  .map(push -> DeploymentTraces.place(push, deployment.id()));
          return new Movable(deployment, span.orElse(null));
        })
        .list();
  }

  /** Deployments of all apps that have not ended, oldest first. */
  List<Deployment> open() {
    return jdbc.sql(
            """
            select * from deployment where status in ('PENDING', 'ROLLING', 'PAUSED') order by id
            """)
        .query(DeploymentStore::read)
        .list();
  }

  /** The app's deployments that have not ended, newest first. */
  List<Deployment> open(AppName app) {
    return jdbc.sql(
            """
            select * from deployment
            where app = :app and status in ('PENDING', 'ROLLING', 'PAUSED') order by id desc
            """)
        .param("app", app.value())
        .query(DeploymentStore::read)
        .list();
  }

  /** Ends the app's earlier deployments in favour of this one. */
  void supersedeEarlier(Deployment by) {
    for (var earlier : open(by.app())) {
      if (earlier.id() < by.id()) {
        supersede(earlier.id(), by);
      }
    }
  }

  /** Another deployment takes the place of this one. */
  void supersede(long id, Deployment by) {
    if (move(id, Move.SUPERSEDE, "superseded by deployment " + by.id())) {
      jdbc.sql("update deployment set successor = :by where id = :id")
          .param("by", by.id())
          .param("id", id)
          .update();
    }
  }

  /**
   * Makes a move, unless the deployment is in a state that does not allow it.
   *
   * @return whether it was made
   */
  boolean move(long id, Move move, @Nullable String reason) {
    return jdbc.sql(
                """
                update deployment set
                  status = :next, reason = :reason,
                  started_at = case when :next = 'ROLLING' then coalesce(started_at, now()) else started_at end,
                  finished_at = case when :ended then now() end
                where id = :id and status in (:from)
                """)
            .param("next", move.next().name())
            .param("reason", reason)
            .param("ended", move.next().isEnded())
            .param("id", id)
            .param("from", move.from().stream().map(Enum::name).toList())
            .update()
        == 1;
  }

  /** Says what a deployment waits for; null: for nothing out of the ordinary. */
  void explain(Deployment waiting, @Nullable String reason) {
    if (!Objects.equals(reason, waiting.reason())) {
      jdbc.sql("update deployment set reason = :reason where id = :id")
          .param("reason", reason)
          .param("id", waiting.id())
          .update();
    }
  }

  void promote(long id, Promotion what) {
    jdbc.sql("update deployment set promoted = :what where id = :id")
        .param("what", what.name())
        .param("id", id)
        .update();
  }

  void approve(long id, String by) {
    jdbc.sql("update deployment set approved_by = :by where id = :id")
        .param("by", by)
        .param("id", id)
        .update();
  }

  void startWave(long id, int wave) {
    jdbc.sql(
            """
            with begun as (
              insert into deployment_wave (deployment, wave) values (:id, :wave) on conflict do nothing
            )
            update deployment set
              wave = :wave, wave_started_at = now(), wave_healthy_at = null, wave_ill_at = now(),
              promoted = nullif(promoted, 'WAVE')
            where id = :id
            """)
        .param("wave", wave)
        .param("id", id)
        .update();
  }

  /** Begins the judgement of a wave anew: bake and deadline count from now. */
  void judgeAnew(long id) {
    jdbc.sql("update deployment set wave_healthy_at = null, wave_ill_at = now() where id = :id")
        .param("id", id)
        .update();
  }

  /**
   * Notes whether the wave's machines are well.
   *
   * @return for how many seconds they have been so, or have not
   */
  double note(Deployment deployment, boolean healthy) {
    if (healthy != (deployment.waveHealthyAt() != null)) {
      jdbc.sql(
              """
              update deployment set
                wave_healthy_at = case when :healthy then now() end,
                wave_ill_at = case when not :healthy then now() end
              where id = :id
              """)
          .param("healthy", healthy)
          .param("id", deployment.id())
          .update();
    }
    return jdbc.sql(
            """
            select coalesce(extract(epoch from now() - coalesce(wave_healthy_at, wave_ill_at)), 0)
            from deployment where id = :id
            """)
        .param("id", deployment.id())
        .query(Double.class)
        .single();
  }

  /**
   * Where an app can go back to: the last build that was deployed well, is still kept, and comes
   * before what any of its machines was told to run.
   */
  Optional<Long> wayBack(AppName app) {
    return jdbc.sql(
            """
            select job.id from deployment join job on job.id = deployment.job
            where deployment.app = :app and deployment.status = 'SUCCEEDED' and job.retired_at is null
              and job.seq < (select max(told.seq) from target join job told on told.id = target.job
                             join region on region.name = target.region and region.wanted
                             where target.app = :app)
            order by deployment.id desc limit 1
            """)
        .param("app", app.value())
        .query((row, n) -> row.getLong("id"))
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
        instant(row, "wave_ill_at"),
        row.getString("reason"),
        row.getObject("successor", Long.class),
        promotion(row),
        row.getString("freeze_override"),
        row.getString("approved_by"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "started_at"),
        instant(row, "finished_at"));
  }

  private static @Nullable Promotion promotion(ResultSet row) throws SQLException {
    var promoted = row.getString("promoted");
    return promoted == null ? null : Promotion.valueOf(promoted);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
