package dev.slipway.worker;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.BlobStores;
import dev.slipway.common.client.ServiceClient;
import dev.slipway.common.heartbeat.HeartbeatApi;
import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.log.LogReadStore;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.ListenerStore;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.worker.build.ArchiveStore;
import dev.slipway.worker.build.BuildCommand;
import dev.slipway.worker.build.LogArchiver;
import dev.slipway.worker.build.LogStore;
import dev.slipway.worker.checkout.Checkout;
import dev.slipway.worker.job.ClaimStore;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.Heartbeats;
import dev.slipway.worker.publish.Publisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** A build worker: takes jobs from the queue, one at a time. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableConfigurationProperties(WorkerProperties.class)
public class BuildWorkerApplication {
  /** The longest wait for a job when no notification comes. */
  private static final Duration POLL = Duration.ofSeconds(5);

  /** Between looks for mirrors that are not needed. */
  private static final Duration MIRRORS = Duration.ofMinutes(5);

  /** Between looks for logs that are whole. */
  private static final Duration ARCHIVE = Duration.ofSeconds(30);

  /** Of one heartbeat. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** Runs the worker. */
  public static void main(String[] arguments) {
    builder().run(arguments);
  }

  /** The worker, not yet started. */
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(BuildWorkerApplication.class)
        .properties("spring.config.name=build-worker");
  }

  @Bean
  NoticeStore notices(JdbcClient jdbc) {
    return new NoticeStore(jdbc);
  }

  @Bean
  Checkout checkout(WorkerProperties properties) throws IOException {
    return new Checkout(
        properties.dir(),
        System.getenv(),
        properties.allowFileRepositories(),
        properties.limits(),
        Clock.systemUTC());
  }

  @Bean
  Loop mirrorsLoop(Checkout checkout, MeterRegistry meters) {
    return new Loop("mirrors", MIRRORS, checkout::tidy, meters).start();
  }

  @Bean
  DiskSpace workerDisk(Checkout checkout, WorkerProperties properties) {
    return new DiskSpace(checkout.folder(), properties.minFreeDisk());
  }

  @Bean
  BlobStore homeBucket(WorkerProperties properties, MeterRegistry meters) throws IOException {
    return BlobStores.open(properties.homeBucket(), meters);
  }

  @Bean
  Publisher publisher(BlobStore homeBucket, WorkerProperties properties) throws IOException {
    var id = TrustedKeys.idOf(Files.readString(properties.publicKeyFile()));
    var key = SigningKey.of(id, Files.readString(properties.signingKeyFile()));
    return new Publisher(homeBucket, key, Clock.systemUTC());
  }

  @Bean
  Loop logArchiveLoop(
      WorkerProperties properties, JdbcClient jdbc, BlobStore homeBucket, MeterRegistry meters) {
    var archiver =
        new LogArchiver(
            properties.name(),
            new ArchiveStore(jdbc),
            new BuildLogs(new LogReadStore(jdbc), meters),
            homeBucket,
            properties.homeBucket(),
            meters);
    return new Loop("log-archive", ARCHIVE, archiver::runOnce, meters).start();
  }

  @Bean
  Heartbeats heartbeats(WorkerProperties properties, MeterRegistry meters) {
    var reaper =
        ServiceClient.of(
            HeartbeatApi.class, properties.reaperUrl(), properties.token(), HEARTBEAT, meters);
    return new Heartbeats(reaper, meters);
  }

  @Bean
  Worker.Jobs jobs(JdbcClient jdbc, NoticeStore notices, Heartbeats heartbeats) {
    return new Worker.Jobs(
        new ClaimStore(jdbc),
        heartbeats,
        new LogStore(jdbc),
        new FinishStore(jdbc, notices),
        notices);
  }

  @Bean
  Loop workerLoop(
      WorkerProperties properties,
      Worker.Jobs jobs,
      Checkout checkout,
      Publisher publisher,
      DiskSpace workerDisk,
      MeterRegistry meters) {
    var build = new Build(checkout, new BuildCommand(System.getenv()), publisher);
    var worker = new Worker(properties.name(), jobs, build, workerDisk, meters);
    return new Loop("worker", POLL, worker::runOnce, meters).start();
  }

  @Bean
  ListenerStore listener(DataSource database, Loop workerLoop, MeterRegistry meters) {
    return new ListenerStore(database, Map.of(Channel.JOB_QUEUED, workerLoop::wake), meters);
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http) {
    return ApiSecurity.chain(http, token -> Optional.empty(), requests -> {});
  }
}
