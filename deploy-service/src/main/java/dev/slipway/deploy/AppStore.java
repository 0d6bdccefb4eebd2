package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.JobStatus;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.region.RegionName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** What auto-deploy and the button need to know of apps and their builds. */
final class AppStore {
  /** Whether every region that is wanted now holds a copy that was read back, not only once did. */
  private static final String BUILD =
      """
      select id, app, seq, rollout, status, retired_at is not null as retired,
             extract(epoch from now() - case status when 'QUEUED' then created_at when 'RUNNING' then started_at
                                        else coalesce(replicated_at, finished_at) end) as since,
             replicated_at is not null and not exists (
               select from region where wanted and not exists (
                 select from replica
                 where replica.job = job.id and replica.region = region.name and replica.status = 'VERIFIED')) as replicated
      from job
      """;

  private final JdbcClient jdbc;

  AppStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A build that can be deployed, or will be. */
  record Build(
      long id, AppName app, long seq, boolean replicated, boolean retired, DeployRecipe recipe) {
    boolean isDeployable() {
      return replicated && !retired;
    }

    /** Refuses what cannot be deployed. */
    void mustBeDeployable() {
      if (retired) {
        throw Problem.conflict(
            "retired", "build #" + id + " is retired: what was built is no longer kept");
      }
      if (!replicated) {
        throw Problem.conflict(
            "not-deployable", "build #" + id + " is not replicated to every wanted region yet");
      }
    }
  }

  /** Apps that are not pinned and have a build that auto-deploy may take: a few, mostly. */
  List<AppName> ready() {
    return jdbc.sql(
            """
            select name from app
            where pinned_at is null and exists (
              select from job
              where job.app = app.name and found_by <> 'PERSON' and retired_at is null
                and status = 'SUCCEEDED' and (rollout ->> 'auto')::boolean
                and seq > (select coalesce(max(deployed.seq), 0) from deployment join job deployed on deployed.id = deployment.job
                           where deployment.app = app.name and deployment.cause <> 'ROLLBACK'
                             and deployed.found_by <> 'PERSON'))
            order by name
            """)
        .query((row, n) -> new AppName(row.getString("name")))
        .list();
  }

  /** Locks an app's row, so that no build is retired while it is being deployed. */
  void lock(AppName app) {
    jdbc.sql("select from app where name = :app for no key update")
        .param("app", app.value())
        .query(row -> {});
  }

  void pin(AppName app, String by) {
    jdbc.sql(
            "update app set pinned_at = now(), pinned_by = :by where name = :app and pinned_at is null")
        .param("by", by)
        .param("app", app.value())
        .update();
  }

  void unpin(AppName app) {
    jdbc.sql("update app set pinned_at = null, pinned_by = null where name = :app")
        .param("app", app.value())
        .update();
  }

  /** Who pinned the app; none while auto-deploy may take it. */
  Optional<String> pinnedBy(AppName app) {
    return jdbc.sql("select pinned_by from app where name = :app and pinned_at is not null")
        .param("app", app.value())
        .query(String.class)
        .optional();
  }

  boolean needsApproval(AppName app) {
    return jdbc.sql("select needs_approval from app where name = :app")
        .param("app", app.value())
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  /** Says whether the app's deployments need a second person; false where there is no such app. */
  boolean needApproval(AppName app, boolean needed) {
    return jdbc.sql("update app set needs_approval = :needed where name = :app")
            .param("needed", needed)
            .param("app", app.value())
            .update()
        == 1;
  }

  /** An app's build. */
  Optional<Build> build(AppName app, long id) {
    return jdbc.sql(BUILD + "where id = :id and app = :app")
        .param("id", id)
        .param("app", app.value())
        .query(AppStore::read)
        .optional();
  }

  /** The newest build that any machine of the app in a wanted region was told to run. */
  Optional<Build> newestTold(AppName app) {
    return jdbc.sql(
            BUILD
                + """
                where id in (select target.job from target join region on region.name = target.region
                             where target.app = :app and region.wanted)
                order by seq desc limit 1
                """)
        .param("app", app.value())
        .query(AppStore::read)
        .optional();
  }

  /** The wanted regions where the app was told to run anything. */
  List<RegionName> regionsTold(AppName app) {
    return jdbc.sql(
            """
            select region.name from target join region on region.name = target.region
            where target.app = :app and region.wanted order by region.name
            """)
        .param("app", app.value())
        .query((row, n) -> new RegionName(row.getString("name")))
        .list();
  }

  /** All regions by name, and whether each is wanted. */
  SortedMap<RegionName, Boolean> regions() {
    var regions = new TreeMap<RegionName, Boolean>(Comparator.comparing(RegionName::value));
    jdbc.sql("select name, wanted from region")
        .query(row -> {
          regions.put(new RegionName(row.getString("name")), row.getBoolean("wanted"));
        });
    return regions;
  }

  /**
   * The builds of an app that come after everything deployed so far and may still be auto-deployed,
   * in order. What a person had built is not among them: it may be an old commit, whatever its
   * place in the line.
   */
  List<Waiting> waiting(AppName app) {
    return jdbc.sql(
            BUILD
                + """
                where app = :app and found_by <> 'PERSON' and retired_at is null
                  and (status in ('QUEUED', 'RUNNING') or status = 'SUCCEEDED' and (rollout ->> 'auto')::boolean)
                  and seq > (select coalesce(max(deployed.seq), 0) from deployment join job deployed on deployed.id = deployment.job
                             where deployment.app = :app and deployment.cause <> 'ROLLBACK'
                               and deployed.found_by <> 'PERSON')
                order by seq
                limit 1000
                """)
        .param("app", app.value())
        .query(AppStore::readWaiting)
        .list();
  }

  /**
   * Notes that auto-deploy did not deploy a build, and why, so that it is not looked at again.
   *
   * @param successor the deployment that is made in its place
   */
  void recordEnded(Build build, DeploymentStatus status, String reason, @Nullable Long successor) {
    jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, status, plan, reason, successor, finished_at)
            values (:app, :build, 'AUTO', 'auto-deploy', :status, cast(:plan as jsonb), :reason, :successor, now())
            on conflict (job) where cause = 'AUTO' do nothing
            """)
        .param("app", build.app().value())
        .param("build", build.id())
        .param("status", status.name())
        .param("plan", JsonMapper.shared().writeValueAsString(Plan.NONE))
        .param("reason", reason)
        .param("successor", successor)
        .update();
  }

  private static Waiting readWaiting(ResultSet row, int n) throws SQLException {
    return new Waiting(
        read(row, n), JobStatus.valueOf(row.getString("status")), row.getDouble("since"));
  }

  private static Build read(ResultSet row, int n) throws SQLException {
    var rollout = row.getString("rollout");
    return new Build(
        row.getLong("id"),
        new AppName(row.getString("app")),
        row.getLong("seq"),
        row.getBoolean("replicated"),
        row.getBoolean("retired"),
        rollout == null
            ? DeployRecipe.BY_HAND
            : JsonMapper.shared().readValue(rollout, DeployRecipe.class));
  }
}
