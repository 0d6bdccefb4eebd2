package dev.slipway.deploy.console;

import dev.slipway.common.job.JobRepository;
import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.log.LogReadStore;
import dev.slipway.common.region.RegionRepository;
import dev.slipway.deploy.AutoDeploy;
import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.DeploymentView;
import dev.slipway.deploy.FleetStore;
import dev.slipway.deploy.Rollback;
import dev.slipway.deploy.TargetStore;
import dev.slipway.deploy.timeline.BudgetWatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The console's parts. */
@Configuration(proxyBeanMethods = false)
@Import({
  ConsoleSecurity.class,
  Page.class,
  ErrorPages.class,
  SignInController.class,
  HomeController.class,
  AppController.class,
  BuildController.class,
  DeploymentPage.class,
  CellsController.class,
  MachinesPage.class,
  SearchPage.class,
  PreviewPages.class,
  RetryController.class,
  ActionController.class,
  LiveController.class,
  LogController.class
})
public class ConsoleConfiguration {
  private static final int MOST_STREAMS = 500;

  @Bean
  Words words() {
    return new Words(Clock.systemUTC());
  }

  @Bean
  ConsoleErrors consoleErrors() {
    return new ConsoleErrors();
  }

  @Bean
  Streams streams(MeterRegistry meters) {
    return new Streams(MOST_STREAMS, meters);
  }

  @Bean
  LogReader consoleLogs(JdbcClient jdbc, MeterRegistry meters) {
    return new LogReader(new LogStore(jdbc), new BuildLogs(new LogReadStore(jdbc), meters));
  }

  @Bean
  LogTail logTail(LogReader logs) {
    return new LogTail(logs);
  }

  @Bean
  OverviewStore overviewStore(JdbcClient jdbc) {
    return new OverviewStore(jdbc);
  }

  @Bean
  Overview overview(OverviewStore store, BudgetWatch budget) {
    return new Overview(store, budget);
  }

  @Bean
  CellLooks cellLooks(DeploymentStore deployments, DeploymentView view) {
    return new CellLooks(deployments, view);
  }

  @Bean
  MachineStore consoleMachines(JdbcClient jdbc) {
    return new MachineStore(jdbc);
  }

  @Bean
  SearchStore searchStore(JdbcClient jdbc) {
    return new SearchStore(jdbc);
  }

  @Bean
  BuildStore consoleBuilds(JdbcClient jdbc) {
    return new BuildStore(jdbc);
  }

  @Bean
  BuildList buildList(JobRepository jobs, BuildStore builds) {
    return new BuildList(jobs, builds);
  }

  @Bean
  DeploymentList deploymentList(
      DeploymentStore deployments, DeploymentView view, Rollback rollback, AutoDeploy autoDeploy) {
    return new DeploymentList(deployments, view, rollback, autoDeploy);
  }

  @Bean
  FleetView fleetView(RegionRepository regions, FleetStore fleet, TargetStore targets) {
    return new FleetView(regions, fleet, targets);
  }
}
