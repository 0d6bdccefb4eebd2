package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.region.RegionName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** What auto-deploy and the button need to know of apps and their builds. */
final class AppStore {
  private final JdbcClient jdbc;

  AppStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A build that can be deployed, or will be. */
  record Build(long id, AppName app, long seq, boolean replicated, DeployRecipe recipe) {}

  /** Apps that auto-deploy may look at. */
  List<AppName> unpinned() {
    return jdbc.sql("select name from app where pinned_at is null order by name")
        .query((row, n) -> new AppName(row.getString("name")))
        .list();
  }

  /**
   * Locks an app's row, so that deployments of one app are made one after the other; says whether
   * it may be auto-deployed.
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
    return jdbc.sql("select id, app, seq, replicated_at, rollout from job where id = :id")
        .param("id", id)
        .query(AppStore::read)
        .optional();
  }

  /**
   * The regions that deployments go to; an excluded region may lack the build, so its machines stay
   * as they are.
   */
  List<RegionName> wantedRegions() {
    return jdbc.sql("select name from region where wanted order by name")
        .query((row, n) -> new RegionName(row.getString("name")))
        .list();
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
            """
            select id, app, seq, replicated_at, rollout, status from job
            where app = :app and found_by <> 'PERSON'
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

  /** Notes that auto-deploy passed over a build for a later one. */
  void recordSuperseded(Build build, long successor, Plan plan) {
    jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, status, plan, reason, finished_at)
            values (:app, :build, 'AUTO', 'auto-deploy', 'SUPERSEDED', cast(:plan as jsonb), :reason, now())
            on conflict (job) where cause = 'AUTO' do nothing
            """)
        .param("app", build.app().value())
        .param("build", build.id())
        .param("plan", JsonMapper.shared().writeValueAsString(plan))
        .param("reason", "superseded by build #" + successor)
        .update();
  }

  private static Build read(ResultSet row, int n) throws SQLException {
    var rollout = row.getString("rollout");
    return new Build(
        row.getLong("id"),
        new AppName(row.getString("app")),
        row.getLong("seq"),
        row.getObject("replicated_at") != null,
        rollout == null
            ? DeployRecipe.BY_HAND
            : JsonMapper.shared().readValue(rollout, DeployRecipe.class));
  }
}
