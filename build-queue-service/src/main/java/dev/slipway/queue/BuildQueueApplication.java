package dev.slipway.queue;

import dev.slipway.common.app.App;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.etag.ETagFilter;
import dev.slipway.common.idempotency.IdempotencyConfiguration;
import dev.slipway.common.job.Job;
import dev.slipway.common.job.JobMoveStore;
import dev.slipway.common.job.JobMoves;
import dev.slipway.common.job.JobRepository;
import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.log.LogReadStore;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.ListenerStore;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.openapi.ApiDescription;
import dev.slipway.common.problem.DatabaseGone;
import dev.slipway.common.problem.ProblemHandler;
import dev.slipway.common.rate.RateConfiguration;
import dev.slipway.common.schema.SchemaConfiguration;
import dev.slipway.common.schema.SchemaMigration;
import dev.slipway.common.trace.Traces;
import dev.slipway.common.trace.TracingConfiguration;
import dev.slipway.queue.app.AppController;
import dev.slipway.queue.app.AppRegistry;
import dev.slipway.queue.app.RepositoryStore;
import dev.slipway.queue.job.AttemptStore;
import dev.slipway.queue.job.JobController;
import dev.slipway.queue.job.JobPages;
import dev.slipway.queue.job.JobRequests;
import dev.slipway.queue.job.LogController;
import dev.slipway.queue.job.LogFollower;
import dev.slipway.queue.job.ProgressStore;
import dev.slipway.queue.job.QueueDepthStore;
import dev.slipway.queue.push.Enqueuer;
import dev.slipway.queue.push.PushStore;
import dev.slipway.queue.reconcile.BranchLookStore;
import dev.slipway.queue.reconcile.RefReconciler;
import dev.slipway.queue.reconcile.RemoteHeads;
import dev.slipway.queue.status.ForgeClient;
import dev.slipway.queue.status.StatusOutbox;
import dev.slipway.queue.status.StatusStore;
import dev.slipway.queue.webhook.WebhookController;
import dev.slipway.queue.webhook.Webhooks;
import dev.slipway.queue.worker.WorkerController;
import dev.slipway.queue.worker.WorkerStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The service that takes pushes and keeps the queue of builds. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableConfigurationProperties(QueueProperties.class)
@EntityScan(basePackageClasses = {App.class, Job.class})
@EnableJpaRepositories(
    basePackageClasses = {AppRepository.class, JobRepository.class, JobPages.class})
@Import({
  QueueSecurity.class,
  WebhookController.class,
  AppController.class,
  JobController.class,
  WorkerController.class,
  LogController.class,
  DatabaseGone.class,
  ApiDescription.class,
  ETagFilter.class,
  IdempotencyConfiguration.class,
  RateConfiguration.class,
  SchemaConfiguration.class,
  TracingConfiguration.class,
  ProblemHandler.class
})
public class BuildQueueApplication {
  private static final Duration LOOK_FOR_DUE = Duration.ofSeconds(5);
  private static final Duration LOOK_FOR_CHANGES = Duration.ofSeconds(2);
  private static final Duration FORGE_TIMEOUT = Duration.ofSeconds(10);

  private static final String NAME = "build-queue-service";

  /** Runs the service; with {@code migrate} as its first argument, the migrations alone. */
  public static void main(String[] arguments) {
    if (SchemaMigration.isAsked(arguments)) {
      SchemaMigration.run(NAME, arguments);
    } else {
      builder().run(arguments);
    }
  }

  /** The service, not yet started. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(BuildQueueApplication.class)
        .properties("spring.config.name=" + NAME);
  }

  @Bean
  AuditStore audit(JdbcClient jdbc) {
    return new AuditStore(jdbc);
  }

  @Bean
  Notices notices(JdbcClient jdbc, MeterRegistry meters) {
    return new Notices(new NoticeStore(jdbc), meters);
  }

  @Bean
  Changes jobChanges() {
    return new Changes();
  }

  @Bean
  ListenerStore listener(DataSource database, Changes jobChanges, MeterRegistry meters) {
    return new ListenerStore(database, Map.of(Channel.JOB_CHANGED, jobChanges::signal), meters);
  }

  @Bean
  RepositoryStore repositories(JdbcClient jdbc) {
    return new RepositoryStore(jdbc);
  }

  @Bean
  AppRegistry appRegistry(
      AppRepository apps,
      RepositoryStore repositories,
      AuditStore audit,
      TransactionOperations transaction,
      QueueProperties properties) {
    return new AppRegistry(
        apps, repositories, audit, transaction, properties.allowFileRepositories());
  }

  @Bean
  Enqueuer enqueuer(
      DataSource database,
      TransactionOperations transaction,
      Notices notices,
      Traces traces,
      MeterRegistry meters) {
    return new Enqueuer(
        new PushStore(database, transaction), notices, traces, Clock.systemUTC(), meters);
  }

  @Bean
  Webhooks webhooks(RepositoryStore repositories, AppRepository apps, Enqueuer enqueuer) {
    return new Webhooks(repositories, apps, enqueuer, Clock.systemUTC());
  }

  @Bean
  WorkerStore workers(JdbcClient jdbc) {
    return new WorkerStore(jdbc);
  }

  @Bean
  AttemptStore attempts(JdbcClient jdbc) {
    return new AttemptStore(jdbc);
  }

  @Bean
  JobMoves jobMoves(
      JdbcClient jdbc,
      JobRepository jobs,
      AuditStore audit,
      Notices notices,
      TransactionOperations transaction) {
    return new JobMoves(new JobMoveStore(jdbc), jobs, audit, notices, transaction);
  }

  @Bean
  JobRequests jobRequests(AppRepository apps, Enqueuer enqueuer, AuditStore audit) {
    return new JobRequests(apps, enqueuer, audit);
  }

  @Bean
  ProgressStore progress(JdbcClient jdbc) {
    return new ProgressStore(jdbc);
  }

  @Bean
  BuildLogs logs(JdbcClient jdbc, MeterRegistry meters) {
    return new BuildLogs(new LogReadStore(jdbc), meters);
  }

  @Bean
  LogFollower logFollower(
      ProgressStore progress,
      BuildLogs logs,
      Changes jobChanges,
      QueueProperties properties,
      MeterRegistry meters) {
    return new LogFollower(
        progress, logs, jobChanges, properties.followAtMost(), properties.followers(), meters);
  }

  /** Before the web server waits for its open requests, these must end. */
  @Bean
  ApplicationListener<ContextClosedEvent> endOfFollowing(LogFollower follower) {
    return closed -> follower.close();
  }

  @Bean
  QueueDepthStore queueDepth(JdbcClient jdbc, MeterRegistry meters) {
    return new QueueDepthStore(jdbc, meters);
  }

  @Bean
  RefReconciler refReconciler(
      AppRepository apps,
      JobRepository jobs,
      JdbcClient jdbc,
      Enqueuer enqueuer,
      QueueProperties properties,
      MeterRegistry meters) {
    var heads = new RemoteHeads(properties.gitTimeout(), properties.allowFileRepositories());
    return new RefReconciler(
        apps,
        jobs,
        new BranchLookStore(jdbc),
        heads,
        enqueuer,
        properties.reconcileInterval(),
        meters);
  }

  @Bean
  Loops reconcileLoops(RefReconciler reconciler, QueueProperties properties, MeterRegistry meters) {
    return new Loops(
        IntStream.range(0, properties.reconcileParallelism())
            .mapToObj(n -> new Loop("reconcile", LOOK_FOR_DUE, reconciler::runOnce, meters).start())
            .toList());
  }

  @Bean
  Loops statusLoops(
      RepositoryStore repositories,
      JdbcClient jdbc,
      QueueProperties properties,
      MeterRegistry meters)
      throws IOException {
    var loops = new ArrayList<Loop>();
    for (var forge : properties.forges()) {
      if (forge.tokenFile() != null) {
        // told at the start rather than by the first build
        forge.token();
        var client = new ForgeClient(forge, properties.consoleUrl(), FORGE_TIMEOUT);
        var outbox =
            new StatusOutbox(forge.host(), repositories, new StatusStore(jdbc), client, meters);
        loops.add(new Loop("commit-status", LOOK_FOR_CHANGES, outbox::runOnce, meters));
      }
    }
    loops.forEach(Loop::start);
    return new Loops(loops);
  }
}
