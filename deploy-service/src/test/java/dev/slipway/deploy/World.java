package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** An app, two regions with machines, and everything that deploys to them. */
@NullMarked
final class World {
  static final AppName APP = new AppName("hello");
  static final RegionName EU = new RegionName("eu");
  static final RegionName US = new RegionName("us");

  final JdbcClient jdbc;
  final JobRows rows;
  final DeploymentStore deployments;
  final TargetStore targets;
  final FleetStore fleet;
  final Deployer deployer;
  final Reconciler reconciler;
  final AutoDeploy autoDeploy;
  final TransactionTemplate transaction;

  World() {
    var database = TestDatabase.create();
    jdbc = database.jdbc();
    rows = new JobRows(jdbc);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
    deployments = new DeploymentStore(jdbc);
    targets = new TargetStore(jdbc);
    fleet = new FleetStore(jdbc);
    var apps = new AppStore(jdbc);
    var notices = new NoticeStore(jdbc);
    deployer = new Deployer(deployments, apps, new AuditStore(jdbc), transaction);
    reconciler = new Reconciler(deployments, targets, fleet, deployer, transaction, notices);
    autoDeploy = new AutoDeploy(apps, deployer, transaction, notices);
    rows.app(APP.value());
    for (var region : List.of(EU, US)) {
      jdbc.sql("insert into region (name, bucket) values (:name, 'file:///tmp/none')")
          .param("name", region.value())
          .update();
    }
  }

  /** A build that is ready to be deployed by this recipe. */
  long ready(DeployRecipe recipe) {
    var build = rows.replicated(APP.value());
    wish(build, recipe);
    return build;
  }

  void wish(long build, DeployRecipe recipe) {
    jdbc.sql("update job set rollout = cast(:recipe as jsonb) where id = :build")
        .param("recipe", JsonMapper.shared().writeValueAsString(recipe))
        .param("build", build)
        .update();
  }

  /** A machine of a region that has said nothing of the app yet. */
  void machine(RegionName region, String id) {
    report(region, id, List.of());
  }

  /** A machine that obeys its region's target. */
  void obeys(RegionName region, String id) {
    says(region, id, AppState.RUNNING, true);
  }

  /** A machine that could not run its region's target. */
  void fails(RegionName region, String id) {
    says(region, id, AppState.FAILED, false);
  }

  /** A machine that runs what it was told and has another build ahead. */
  void has(RegionName region, String id, long ahead) {
    report(region, id, List.of(new AppReport(APP, 1, 1L, AppState.RUNNING, 1, 1, 1, null, ahead)));
  }

  private void says(RegionName region, String id, AppState state, boolean runs) {
    var target = targets.after(region, 0).targets().getFirst();
    var release = target.releaseFor(new MachineId(id));
    if (release == null) {
      return;
    }
    Long running = runs ? release.build() : null;
    report(
        region,
        id,
        List.of(
            new AppReport(
                APP,
                release.build(),
                running,
                state,
                target.revision(),
                1,
                1,
                runs ? null : "unhealthy",
                null)));
  }

  private void report(RegionName region, String id, List<AppReport> apps) {
    fleet.take(
        region,
        new FleetReport(List.of(new MachineReport(new MachineId(id), "a", List.of(), 0, apps))));
  }

  Deployment deployment(long id) {
    return deployments.find(id).orElseThrow();
  }

  /** By region the build that the target names. */
  @Nullable Long target(RegionName region) {
    var aim = targets.aimsOf(APP).get(region);
    return aim == null ? null : aim.build();
  }
}
