package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.clock.TestClock;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import dev.slipway.deploy.freeze.FreezeStore;
import dev.slipway.deploy.prometheus.Prometheus;
import dev.slipway.deploy.timeline.LeadTimes;
import dev.slipway.deploy.timeline.TimelineStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
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

  final DataSource dataSource;
  final JdbcClient jdbc;
  final JobRows rows;
  final DeploymentStore deployments;
  final TargetStore targets;
  final FleetStore fleet;
  final Deployer deployer;
  final Rollback rollback;
  final Steering steering;
  final Reconciler reconciler;
  final AutoDeploy autoDeploy;
  final TransactionTemplate transaction;
  final FreezeStore freezes;
  final AppStore apps;

  /** The labels of machines, by region and name. */
  private final Map<String, Labels> has = new HashMap<>();

  /** What Prometheus answers for analyses. */
  final Analyses analyses;

  /** Of all instances. */
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  /** Moves only when a test says so. */
  final TestClock clock = new TestClock();

  World() {
    this(null);
  }

  World(@Nullable URI prometheus) {
    var database = TestDatabase.create();
    dataSource = database.dataSource();
    jdbc = database.jdbc();
    rows = new JobRows(jdbc);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    deployments = new DeploymentStore(jdbc);
    targets = new TargetStore(jdbc);
    fleet = new FleetStore(jdbc);
    freezes = new FreezeStore(jdbc);
    apps = new AppStore(jdbc);
    analyses =
        new Analyses(
            deployments,
            new Prometheus(prometheus, Duration.ofSeconds(1), new SimpleMeterRegistry()),
            clock);
    var instance = instance(jdbc, transaction);
    deployer = instance.deployer;
    rollback = instance.rollback;
    steering = instance.steering;
    reconciler = instance.reconciler;
    autoDeploy = instance.autoDeploy;
    rows.app(APP.value());
    for (var region : List.of(EU, US)) {
      jdbc.sql("insert into region (name, bucket) values (:name, 'file:///tmp/none')")
          .param("name", region.value())
          .update();
    }
  }

  /** One of the service's instances. */
  record Instance(
      Deployer deployer,
      Rollback rollback,
      Steering steering,
      Reconciler reconciler,
      AutoDeploy autoDeploy) {}

  /** The one that is here. */
  Instance hands() {
    return new Instance(deployer, rollback, steering, reconciler, autoDeploy);
  }

  /** Another instance on the same database, with transactions of its own. */
  Instance instance(TransactionTemplate transactions) {
    return instance(jdbc, transactions);
  }

  /** Another instance, on another way to the same database. */
  Instance instance(DataSource way) {
    return instance(
        JdbcClient.create(way), new TransactionTemplate(new DataSourceTransactionManager(way)));
  }

  private Instance instance(JdbcClient jdbc, TransactionTemplate transactions) {
    var deployments = new DeploymentStore(jdbc);
    var targets = new TargetStore(jdbc);
    var fleet = new FleetStore(jdbc);
    var freezes = new FreezeStore(jdbc);
    var apps = new AppStore(jdbc);
    var notices = new NoticeStore(jdbc);
    var audit = new AuditStore(jdbc);
    var turns = new Turns(transactions, new TurnStore(jdbc), Duration.ZERO);
    var clearance = new Clearance(apps, deployments, freezes);
    var waves = new Waves(deployments, targets);
    var deployer = new Deployer(deployments, apps, clearance, audit, turns);
    var rollback = new Rollback(deployments, apps, waves, audit, turns);
    var judge = new Judge(deployments, new DeploymentView(targets, fleet), analyses);
    var stepper = new Stepper(deployments, clearance, waves, judge, rollback);
    var endings = new Endings(new LeadTimes(new TimelineStore(jdbc), meters), meters);
    return new Instance(
        deployer,
        rollback,
        new Steering(deployments, audit, turns),
        new Reconciler(deployments, stepper, turns, notices, endings),
        new AutoDeploy(apps, deployer, clearance, turns, notices));
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

  /** A machine with labels that has said nothing of the app yet. */
  void machine(RegionName region, String id, String... labels) {
    has.put(region + "/" + id, Labels.of(labels));
    report(region, id, List.of());
  }

  /** A machine that obeys its region's target. */
  void obeys(RegionName region, String id) {
    says(region, id, AppState.RUNNING, true, 0);
  }

  /** A machine that has fetched its region's target and starts it. */
  void activates(RegionName region, String id) {
    says(region, id, AppState.ACTIVATING, false, 0);
  }

  /** A machine that runs its region's target, which has ended by itself that often. */
  void limps(RegionName region, String id, int restarts) {
    says(region, id, AppState.RUNNING, true, restarts);
  }

  /** A machine that could not run its region's target. */
  void fails(RegionName region, String id) {
    says(region, id, AppState.FAILED, false, 0);
  }

  /** A machine that runs what it was told and has another build ahead. */
  void has(RegionName region, String id, long ahead) {
    report(region, id, List.of(new AppReport(APP, 1, 1L, AppState.RUNNING, 1, 1, 1, null, ahead)));
  }

  private void says(RegionName region, String id, AppState state, boolean runs, int restarts) {
    var target = targets.after(region, 0).targets().getFirst();
    var release = target.releaseFor(new MachineId(id), labelsOf(region, id));
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
                null,
                restarts,
                kept(region, id, release.build()))));
  }

  /** What it has run stays on its disk. */
  private List<Long> kept(RegionName region, String id, long build) {
    var before =
        fleet.machinesOf(APP).stream()
            .filter(m -> m.region().equals(region) && m.machine().value().equals(id))
            .flatMap(m -> m.kept().stream());
    return Stream.concat(Stream.of(build), before).distinct().limit(3).toList();
  }

  private Labels labelsOf(RegionName region, String id) {
    return has.getOrDefault(region + "/" + id, Labels.NONE);
  }

  private void report(RegionName region, String id, List<AppReport> apps) {
    fleet.take(
        region,
        new FleetReport(
            List.of(
                new MachineReport(
                    new MachineId(id), "a", List.of(), labelsOf(region, id), 0, 0, 0, apps))));
  }

  Deployment deployment(long id) {
    return deployments.find(id).orElseThrow();
  }

  /** The wave under way has been well, or not, for so much longer. */
  void later(Duration time) {
    jdbc.sql(
            """
            update deployment set wave_healthy_at = wave_healthy_at - make_interval(secs => :seconds),
              wave_ill_at = wave_ill_at - make_interval(secs => :seconds)
            where finished_at is null
            """)
        .param("seconds", time.toSeconds())
        .update();
  }

  /** A freeze of all apps that is on; of the app that is named, if any. */
  void freeze(@Nullable AppName app) {
    jdbc.sql(
            """
            insert into freeze_window (app, starts_at, ends_at, reason, created_by)
            values (:app, now() - interval '1 minute', now() + interval '1 day', 'holidays', 'ada')
            """)
        .param("app", app == null ? null : app.value())
        .update();
  }

  /** Every freeze is over. */
  void thaw() {
    jdbc.sql("update freeze_window set ends_at = now()").update();
  }

  /** What the audit trail holds, as {@code ann deploy build 1 PENDING}. */
  List<String> audit() {
    return jdbc.sql(
            "select actor || ' ' || action || ' ' || subject || ' ' || outcome as line from audit order by id")
        .query((row, n) -> row.getString("line"))
        .list();
  }

  /** By region the build that the target names. */
  @Nullable Long target(RegionName region) {
    var aim = targets.aimsOf(APP).get(region);
    return aim == null ? null : aim.build();
  }
}
