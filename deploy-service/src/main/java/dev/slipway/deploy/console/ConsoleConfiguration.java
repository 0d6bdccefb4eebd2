package dev.slipway.deploy.console;

import dev.slipway.common.job.JobRepository;
import dev.slipway.common.region.RegionRepository;
import dev.slipway.deploy.AutoDeploy;
import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.DeploymentView;
import dev.slipway.deploy.FleetStore;
import dev.slipway.deploy.Rollback;
import dev.slipway.deploy.TargetStore;
import dev.slipway.deploy.console.audit.AuditConfiguration;
import dev.slipway.deploy.console.build.BuildConfiguration;
import dev.slipway.deploy.console.log.LogConfiguration;
import dev.slipway.deploy.console.oidc.OidcConfiguration;
import dev.slipway.deploy.console.region.RegionConfiguration;
import dev.slipway.deploy.console.settings.SettingsConfiguration;
import dev.slipway.deploy.console.signin.SignInConfiguration;
import dev.slipway.deploy.console.worker.WorkerConfiguration;
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
  SignInConfiguration.class,
  OidcConfiguration.class,
  HomeController.class,
  AppController.class,
  DeploymentPage.class,
  CellsController.class,
  MachinesPage.class,
  SearchPage.class,
  PreviewPages.class,
  RetryController.class,
  ActionController.class,
  LiveController.class,
  BuildConfiguration.class,
  LogConfiguration.class,
  WorkerConfiguration.class,
  RegionConfiguration.class,
  AuditConfiguration.class,
  SettingsConfiguration.class,
  ReferenceController.class
})
public class ConsoleConfiguration {
  private static final int MOST_STREAMS = 500;

  @Bean
  Words words() {
    return new Words(Clock.systemUTC());
  }

  @Bean
  PageApp pageApp(JobRepository jobs, DeploymentStore deployments) {
    return new PageApp(jobs, deployments);
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
