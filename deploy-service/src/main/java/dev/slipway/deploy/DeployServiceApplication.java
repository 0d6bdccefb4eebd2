package dev.slipway.deploy;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.app.App;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.audit.RefusedWrites;
import dev.slipway.common.etag.ETagFilter;
import dev.slipway.common.idempotency.IdempotencyConfiguration;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobRepository;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.ListenerStore;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.openapi.ApiDescription;
import dev.slipway.common.problem.DatabaseGone;
import dev.slipway.common.problem.ProblemHandler;
import dev.slipway.common.rate.RateConfiguration;
import dev.slipway.common.region.Region;
import dev.slipway.common.region.RegionRepository;
import dev.slipway.common.schema.SchemaConfiguration;
import dev.slipway.common.trace.Traces;
import dev.slipway.common.trace.TracingConfiguration;
import dev.slipway.deploy.audit.AuditController;
import dev.slipway.deploy.audit.AuditTrailStore;
import dev.slipway.deploy.console.ConsoleConfiguration;
import dev.slipway.deploy.figures.FigureStore;
import dev.slipway.deploy.figures.Figures;
import dev.slipway.deploy.freeze.FreezeController;
import dev.slipway.deploy.freeze.FreezeStore;
import dev.slipway.deploy.installation.InstallationController;
import dev.slipway.deploy.installation.InstallationStore;
import dev.slipway.deploy.machine.MachineController;
import dev.slipway.deploy.machine.RevocationStore;
import dev.slipway.deploy.preview.PreviewController;
import dev.slipway.deploy.preview.PreviewStore;
import dev.slipway.deploy.preview.Previews;
import dev.slipway.deploy.reference.ReferenceConfiguration;
import dev.slipway.deploy.timeline.BudgetWatch;
import dev.slipway.deploy.timeline.LeadTimes;
import dev.slipway.deploy.timeline.TimelineController;
import dev.slipway.deploy.timeline.TimelineStore;
import dev.slipway.deploy.token.IssuedTokenStore;
import dev.slipway.deploy.token.IssuedTokens;
import dev.slipway.deploy.token.TokenController;
import dev.slipway.deploy.trace.DeploymentTraces;
import dev.slipway.deploy.trace.TraceStore;
import dev.slipway.deploy.webhook.WebhookConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.annotation.Order;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.transaction.support.TransactionTemplate;

/** Deployments, targets, the fleet's reports, and the console. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableConfigurationProperties(DeployProperties.class)
@EntityScan(basePackageClasses = {App.class, Job.class, Region.class})
@EnableJpaRepositories(
    basePackageClasses = {AppRepository.class, JobRepository.class, RegionRepository.class})
@Import({
  DeploymentController.class,
  AppDeployController.class,
  StragglerController.class,
  PreviewController.class,
  TargetController.class,
  MachineController.class,
  TimelineController.class,
  TokenController.class,
  FreezeController.class,
  RolloutConfiguration.class,
  AuditController.class,
  InstallationController.class,
  ConsoleConfiguration.class,
  ReferenceConfiguration.class,
  WebhookConfiguration.class,
  ApiDescription.class,
  ETagFilter.class,
  IdempotencyConfiguration.class,
  RateConfiguration.class,
  SchemaConfiguration.class,
  TracingConfiguration.class,
  DatabaseGone.class,
  ProblemHandler.class
})
public class DeployServiceApplication {
  /** For what wakes nobody: a region that is included again, an app that is no longer pinned. */
  private static final Duration PREFETCH = Duration.ofSeconds(15);

  private static final Duration BUDGET_LOOK = Duration.ofSeconds(15);

  private static final Duration FIGURES = Duration.ofSeconds(15);

  private static final Duration TRACES = Duration.ofSeconds(5);

  /** Runs the service. */
  public static void main(String[] arguments) {
    builder().run(arguments);
  }

  /** The service, not yet started. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(DeployServiceApplication.class)
        .properties("spring.config.name=deploy-service");
  }

  @Bean
  DeploymentStore deployments(JdbcClient jdbc) {
    return new DeploymentStore(jdbc);
  }

  @Bean
  TargetStore targets(JdbcClient jdbc) {
    return new TargetStore(jdbc);
  }

  @Bean
  RevocationStore revocations(JdbcClient jdbc) {
    return new RevocationStore(jdbc);
  }

  @Bean
  TargetFeed targetFeed(TargetStore targets, RevocationStore revocations) {
    return new TargetFeed(targets, revocations);
  }

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  TargetSigner targetSigner(DeployProperties properties, Clock clock) throws IOException {
    return new TargetSigner(targetKey(properties), properties.targetValidity(), clock);
  }

  private static @Nullable SigningKey targetKey(DeployProperties properties) throws IOException {
    var keyFile = properties.targetKeyFile();
    var publicKeyFile = properties.targetPublicKeyFile();
    if (keyFile == null || publicKeyFile == null) {
      return null;
    }
    var publicKey = Files.readString(publicKeyFile);
    var key = SigningKey.of(TrustedKeys.idOf(publicKey), Files.readString(keyFile));
    // two halves of different pairs would be found out by machines alone, all of them at once
    new TrustedKeys(List.of(publicKey))
        .verify(
            "slipway.deploy.target-key-file", key.sign("trial", "trial"), "trial", String.class);
    return key;
  }

  @Bean
  FleetStore fleet(JdbcClient jdbc) {
    return new FleetStore(jdbc);
  }

  @Bean
  Reports reports(
      FleetStore fleet, TargetStore targets, NoticeStore notices, MeterRegistry meters) {
    return new Reports(fleet, targets, notices, meters);
  }

  @Bean
  AppStore appStore(JdbcClient jdbc) {
    return new AppStore(jdbc);
  }

  @Bean
  Previews previews(JdbcClient jdbc, FreezeStore freezes) {
    return new Previews(new PreviewStore(jdbc), freezes);
  }

  @Bean
  TimelineStore timelines(JdbcClient jdbc) {
    return new TimelineStore(jdbc);
  }

  @Bean
  BudgetWatch budgetWatch(TimelineStore timelines, MeterRegistry meters) {
    return new BudgetWatch(timelines, meters);
  }

  @Bean
  LeadTimes leadTimes(TimelineStore timelines, MeterRegistry meters) {
    return new LeadTimes(timelines, meters);
  }

  @Bean
  Loop figuresLoop(JdbcClient jdbc, LeadTimes leadTimes, MeterRegistry meters) {
    var figures = new Figures(new FigureStore(jdbc), leadTimes, meters);
    return new Loop("figures", FIGURES, figures::runOnce, meters).start();
  }

  @Bean
  Loop budgetLoop(BudgetWatch budget, MeterRegistry meters) {
    return new Loop("budget", BUDGET_LOOK, budget::runOnce, meters).start();
  }

  @Bean
  Loop deploymentTracesLoop(JdbcClient jdbc, Traces traces, MeterRegistry meters) {
    var told = new DeploymentTraces(new TraceStore(jdbc), traces);
    return new Loop("deployment-traces", TRACES, told::runOnce, meters).start();
  }

  @Bean
  NoticeStore notices(JdbcClient jdbc) {
    return new NoticeStore(jdbc);
  }

  @Bean
  AuditStore audit(JdbcClient jdbc) {
    return new AuditStore(jdbc);
  }

  @Bean
  AuditTrailStore auditTrail(JdbcClient jdbc) {
    return new AuditTrailStore(jdbc);
  }

  @Bean
  InstallationStore installation(JdbcClient jdbc) {
    return new InstallationStore(jdbc);
  }

  @Bean
  TokenStore tokens(JdbcClient jdbc, DeployProperties properties) {
    var tokens = new TokenStore(jdbc);
    if (!properties.adminToken().isEmpty()) {
      tokens.put("admin", Role.ADMIN, null, properties.adminToken());
    }
    return tokens;
  }

  @Bean
  IssuedTokens issuedTokens(JdbcClient jdbc, AuditStore audit, TransactionTemplate transaction) {
    return new IssuedTokens(new IssuedTokenStore(jdbc), audit, transaction);
  }

  @Bean
  Loop reconcilerLoop(Reconciler reconciler, DeployProperties properties, MeterRegistry meters) {
    return new Loop("deployments", properties.passInterval(), reconciler::runOnce, meters).start();
  }

  @Bean
  Loop autoDeployLoop(AutoDeploy autoDeploy, DeployProperties properties, MeterRegistry meters) {
    return new Loop("auto-deploy", properties.passInterval(), autoDeploy::runOnce, meters).start();
  }

  @Bean
  Loop prefetchLoop(TargetStore targets, NoticeStore notices, MeterRegistry meters) {
    return new Loop("prefetch", PREFETCH, new Prefetch(targets, notices)::runOnce, meters).start();
  }

  /** Signalled when a target has a new revision. */
  @Bean
  Changes targetChanges() {
    return new Changes();
  }

  /** Signalled when anything changed that the console shows. */
  @Bean
  Changes consoleChanges() {
    return new Changes();
  }

  /** Before the web server waits for its requests to end. */
  @Bean
  ApplicationListener<ContextClosedEvent> longPollsEnd(Changes targetChanges) {
    return closed -> targetChanges.end();
  }

  @Bean
  ListenerStore listener(
      DataSource database,
      Changes targetChanges,
      Changes consoleChanges,
      Loop reconcilerLoop,
      Loop autoDeployLoop,
      Loop prefetchLoop,
      MeterRegistry meters) {
    return new ListenerStore(
        database,
        Map.of(
            Channel.TARGET_CHANGED, targetChanges::signal,
            Channel.BUILD_REPLICATED,
                () -> {
                  autoDeployLoop.wake();
                  prefetchLoop.wake();
                  consoleChanges.signal();
                },
            Channel.DEPLOYMENT_CHANGED,
                () -> {
                  reconcilerLoop.wake();
                  autoDeployLoop.wake();
                  prefetchLoop.wake();
                  consoleChanges.signal();
                },
            Channel.FLEET_CHANGED,
                () -> {
                  reconcilerLoop.wake();
                  consoleChanges.signal();
                },
            Channel.JOB_QUEUED, consoleChanges::signal,
            Channel.JOB_CHANGED, consoleChanges::signal,
            Channel.REPLICA_CHANGED, consoleChanges::signal),
        meters);
  }

  @Bean
  RoleHierarchy roles() {
    return ApiSecurity.roles();
  }

  @Bean
  @Order(1)
  SecurityFilterChain apiSecurity(HttpSecurity http, TokenStore tokens, AuditStore audit) {
    return ApiSecurity.chain(
        http.securityMatcher("/api/**", "/actuator/**", "/openapi/**")
            .addFilterBefore(new RefusedWrites(audit), ExceptionTranslationFilter.class),
        tokens,
        requests ->
            requests
                .requestMatchers("/api/v1/targets", "/api/v1/regions/**")
                .hasRole(Role.REGION.name())
                .requestMatchers(
                    "/api/v1/tokens/**",
                    "/api/v1/people/**",
                    "/api/v1/audit",
                    "/api/v1/webhooks/**")
                .hasRole(Role.ADMIN.name())
                .requestMatchers(HttpMethod.GET, "/api/v1/**")
                .hasRole(Role.VIEWER.name())
                .requestMatchers(
                    "/api/v1/freezes/**", "/api/v1/apps/*/approval", "/api/v1/machines/**")
                .hasRole(Role.ADMIN.name())
                .requestMatchers("/api/v1/**")
                .hasRole(Role.DEPLOYER.name()));
  }
}
