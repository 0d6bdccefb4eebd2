package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.region.RegionName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** What auto-deploy and the button need to know of apps and their builds. */
final class AppStore {
  /** Whether every region that is wanted now holds a copy that was read back, not only once did. */
  private static final String BUILD =
      """
      select id, app, seq, rollout, status, retired_at is not null as retired,
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
      long id, AppName app, long seq, boolean replicated, boolean retired, DeployRecipe recipe) {}

  /** Apps that auto-deploy may look at. */
  List<AppName> unpinned() {
    return jdbc.sql("select name from app where pinned_at is null order by name")
        .query((row, n) -> new AppName(row.getString("name")))
        .list();
  }

  /**
   * Locks an app's row, so that deployments of one app are made one after the other, and none of a
   * build that is retired at the same time; says whether it may be auto-deployed.
   */
  boolean lock(AppName app) {
    return jdbc.sql("select pinned_at is null from app where name = :app for update")
        .param("app", app.value())
        .query(Boolean.class)
        .optional()
        .orElse(false);
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

  Optional<Build> build(long id) {
    return jdbc.sql(BUILD + "where id = :id").param("id", id).query(AppStore::read).optional();
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

  /** Whether a deployment of the app has not ended. */
  boolean isBusy(AppName app) {
    return jdbc.sql(
            "select exists (select from deployment where app = :app and status in ('PENDING', 'ROLLING', 'PAUSED'))")
        .param("app", app.value())
        .query(Boolean.class)
        .single();
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
        .query((row, n) -> new Waiting(read(row, n), row.getString("status").equals("SUCCEEDED")))
        .list();
  }

  /** A build in the line of those to come. */
  record Waiting(Build build, boolean ended) {}

  /** Notes that auto-deploy did not deploy a build, and why, so that it is not looked at again. */
  void recordEnded(Build build, DeploymentStatus status, String reason, Plan plan) {
    jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, status, plan, reason, finished_at)
            values (:app, :build, 'AUTO', 'auto-deploy', :status, cast(:plan as jsonb), :reason, now())
            on conflict (job) where cause = 'AUTO' do nothing
            """)
        .param("app", build.app().value())
        .param("build", build.id())
        .param("status", status.name())
        .param("plan", JsonMapper.shared().writeValueAsString(plan))
        .param("reason", reason)
        .update();
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
