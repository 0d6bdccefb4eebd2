package dev.slipway.replication;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.audit.RefusedWrites;
import dev.slipway.common.etag.ETagFilter;
import dev.slipway.common.idempotency.IdempotencyConfiguration;
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
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.Tracker;
import dev.slipway.common.trace.Traces;
import dev.slipway.common.trace.TracingConfiguration;
import dev.slipway.replication.handout.AgentStore;
import dev.slipway.replication.handout.GlobalSwarm;
import dev.slipway.replication.handout.Handout;
import dev.slipway.replication.handout.ReplicationController;
import dev.slipway.replication.handout.WantedStore;
import dev.slipway.replication.retention.Buckets;
import dev.slipway.replication.retention.RetentionConfiguration;
import dev.slipway.replication.verify.Checker;
import dev.slipway.replication.verify.Inspector;
import dev.slipway.replication.verify.Judge;
import dev.slipway.replication.verify.OpenBuckets;
import dev.slipway.replication.verify.ProvenanceController;
import dev.slipway.replication.verify.Rechecker;
import dev.slipway.replication.verify.ReplicaController;
import dev.slipway.replication.verify.ReplicaStore;
import dev.slipway.replication.verify.ReplicationTrace;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;

/**
 * Hands out what each region must copy, reads every bucket back, marks builds replicated, tracks
 * the global swarm.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableConfigurationProperties(ReplicationProperties.class)
@EntityScan(basePackageClasses = Region.class)
@EnableJpaRepositories(basePackageClasses = RegionRepository.class)
@Import({
  ReplicationController.class,
  ReplicaController.class,
  ProvenanceController.class,
  RegionController.class,
  RetentionConfiguration.class,
  ApiDescription.class,
  ETagFilter.class,
  IdempotencyConfiguration.class,
  RateConfiguration.class,
  SchemaConfiguration.class,
  TracingConfiguration.class,
  DatabaseGone.class,
  ProblemHandler.class
})
public class ReplicationCheckerApplication {
  /** Runs the service. */
  public static void main(String[] arguments) {
    builder().run(arguments);
  }

  /** The service, not yet started. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(ReplicationCheckerApplication.class)
        .properties("spring.config.name=replication-checker");
  }

  @Bean
  ReplicaStore replicas(JdbcClient jdbc) {
    return new ReplicaStore(jdbc);
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
  TokenStore tokens(JdbcClient jdbc) {
    return new TokenStore(jdbc);
  }

  @Bean
  Changes changes() {
    return new Changes();
  }

  /** Before the web server waits for its requests to end. */
  @Bean
  ApplicationListener<ContextClosedEvent> longPollsEnd(Changes changes) {
    return closed -> changes.end();
  }

  @Bean
  AnnounceKeys announceKeys(ReplicationProperties properties) {
    return new AnnounceKeys(properties.announceSecret(), Clock.systemUTC());
  }

  @Bean
  Tracker tracker(MeterRegistry meters) {
    return new Tracker(Clock.systemUTC(), meters);
  }

  @Bean
  OpenBuckets openBuckets(MeterRegistry meters) {
    return new OpenBuckets(meters);
  }

  @Bean
  Buckets retentionBuckets(OpenBuckets buckets) {
    return buckets::open;
  }

  @Bean
  GlobalSwarm globalSwarm(AnnounceKeys keys, Tracker tracker, ReplicationProperties properties) {
    return new GlobalSwarm(keys, tracker, properties.url());
  }

  @Bean
  Handout handout(JdbcClient jdbc, GlobalSwarm swarm, ReplicationProperties properties) {
    return new Handout(
        new WantedStore(jdbc, System::nanoTime), new AgentStore(jdbc), swarm, properties.mode());
  }

  @Bean
  Judge judge(
      ReplicaStore replicas,
      OpenBuckets buckets,
      ReplicationProperties properties,
      MeterRegistry meters) {
    return new Judge(
        replicas,
        new Inspector(properties.fullReads()),
        buckets,
        properties.recheckInterval(),
        meters);
  }

  @Bean
  Checker checker(ReplicaStore replicas, Judge judge, NoticeStore notices, Traces traces) {
    return new Checker(replicas, judge, notices, new ReplicationTrace(replicas, traces));
  }

  @Bean
  Rechecker rechecker(
      ReplicaStore replicas,
      Judge judge,
      NoticeStore notices,
      ReplicationProperties properties,
      MeterRegistry meters) {
    return new Rechecker(replicas, judge, notices, properties.recheckInterval(), meters);
  }

  @Bean
  Loop checkerLoop(Checker checker, ReplicationProperties properties, MeterRegistry meters) {
    return new Loop("replication-checker", properties.passInterval(), checker::runOnce, meters)
        .start();
  }

  @Bean
  Loop recheckerLoop(Rechecker rechecker, ReplicationProperties properties, MeterRegistry meters) {
    return new Loop("replication-rechecker", properties.passInterval(), rechecker::runOnce, meters)
        .start();
  }

  @Bean
  ListenerStore listener(
      DataSource database,
      Changes changes,
      @Qualifier("checkerLoop") Loop checkerLoop,
      MeterRegistry meters) {
    return new ListenerStore(
        database,
        Map.of(
            Channel.JOB_CHANGED,
            changes::signal,
            Channel.REPLICA_CHANGED,
            () -> {
              changes.signal();
              checkerLoop.wake();
            }),
        meters);
  }

  @Bean
  RoleHierarchy roles() {
    return ApiSecurity.roles();
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http, TokenStore tokens, AuditStore audit) {
    return ApiSecurity.chain(
        http.addFilterBefore(new RefusedWrites(audit), ExceptionTranslationFilter.class),
        tokens,
        requests ->
            requests
                // the address's last part is the credential, good for one region and one artifact
                .requestMatchers(HttpMethod.GET, "/announce/*")
                .permitAll()
                .requestMatchers("/api/v1/replications", "/api/v1/replicas/**")
                .hasRole(Role.REGION.name())
                .requestMatchers(HttpMethod.GET, "/api/v1/**")
                .hasRole(Role.VIEWER.name())
                .requestMatchers(HttpMethod.POST, "/api/v1/jobs/*/replicas/*/verify")
                .hasRole(Role.DEPLOYER.name())
                .requestMatchers("/api/v1/regions/**", "/api/v1/retention")
                .hasRole(Role.ADMIN.name()));
  }
}
