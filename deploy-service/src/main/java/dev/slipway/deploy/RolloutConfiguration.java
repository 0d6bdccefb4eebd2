package dev.slipway.deploy;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.deploy.freeze.FreezeStore;
import dev.slipway.deploy.freeze.Freezes;
import dev.slipway.deploy.prometheus.Prometheus;
import dev.slipway.deploy.timeline.LeadTimes;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The parts that make deployments and bring them forward. */
@Configuration(proxyBeanMethods = false)
final class RolloutConfiguration {
  private static final Duration ANALYSIS = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMillis(250);
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final Duration ANALYSIS_TIMEOUT = Duration.ofSeconds(3);

  @Bean
  FreezeStore freezes(JdbcClient jdbc) {
    return new FreezeStore(jdbc);
  }

  @Bean
  Freezes freezeWishes(FreezeStore freezes, AuditStore audit, TransactionTemplate transaction) {
    return new Freezes(freezes, audit, transaction);
  }

  @Bean
  Turns turns(TransactionTemplate transaction, JdbcClient jdbc) {
    return new Turns(transaction, new TurnStore(jdbc), PATIENCE);
  }

  @Bean
  Clearance clearance(AppStore apps, DeploymentStore deployments, FreezeStore freezes) {
    return new Clearance(apps, deployments, freezes);
  }

  @Bean
  Deployer deployer(
      DeploymentStore deployments,
      AppStore apps,
      Clearance clearance,
      AuditStore audit,
      Turns turns) {
    return new Deployer(deployments, apps, clearance, audit, turns);
  }

  @Bean
  Steering steering(DeploymentStore deployments, AuditStore audit, Turns turns) {
    return new Steering(deployments, audit, turns);
  }

  @Bean
  Waves waves(DeploymentStore deployments, TargetStore targets) {
    return new Waves(deployments, targets);
  }

  @Bean
  Rollback rollback(
      DeploymentStore deployments, AppStore apps, Waves waves, AuditStore audit, Turns turns) {
    return new Rollback(deployments, apps, waves, audit, turns);
  }

  @Bean
  DeploymentView deploymentView(TargetStore targets, FleetStore fleet) {
    return new DeploymentView(targets, fleet);
  }

  @Bean
  Retries retries(
      DeploymentStore deployments,
      DeploymentView view,
      TargetStore targets,
      AuditStore audit,
      Turns turns) {
    return new Retries(deployments, view, targets, audit, turns);
  }

  @Bean
  Analyses analyses(
      DeploymentStore deployments, DeployProperties properties, MeterRegistry meters) {
    var prometheus = new Prometheus(properties.prometheusUrl(), ANALYSIS_TIMEOUT, meters);
    return new Analyses(deployments, prometheus, Clock.systemUTC());
  }

  @Bean
  Stepper stepper(
      DeploymentStore deployments,
      Clearance clearance,
      Waves waves,
      Rollback rollback,
      Judge judge) {
    return new Stepper(deployments, clearance, waves, judge, rollback);
  }

  @Bean
  Judge judge(DeploymentStore deployments, DeploymentView view, Analyses analyses) {
    return new Judge(deployments, view, analyses);
  }

  @Bean
  Reconciler reconciler(
      DeploymentStore deployments,
      Stepper stepper,
      Turns turns,
      NoticeStore notices,
      Endings endings) {
    return new Reconciler(deployments, stepper, turns, notices, endings);
  }

  @Bean
  Endings endings(LeadTimes leadTimes, MeterRegistry meters) {
    return new Endings(leadTimes, meters);
  }

  @Bean
  Loop rolloutsLoop(
      DeploymentStore deployments, DeploymentView view, FleetStore fleet, MeterRegistry meters) {
    var rollouts = new Rollouts(deployments, view, fleet, meters);
    return new Loop("rollouts", LOOK, rollouts::runOnce, meters).start();
  }

  @Bean
  AutoDeploy autoDeploy(
      AppStore apps, Deployer deployer, Clearance clearance, Turns turns, NoticeStore notices) {
    return new AutoDeploy(apps, deployer, clearance, turns, notices);
  }

  @Bean
  Loop analysisLoop(Analyses analyses, MeterRegistry meters) {
    return new Loop("analyses", ANALYSIS, analyses::runOnce, meters).start();
  }
}
