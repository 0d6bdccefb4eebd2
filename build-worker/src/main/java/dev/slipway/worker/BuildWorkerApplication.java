package dev.slipway.worker;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.artifact.KeyFiles;
import dev.slipway.common.artifact.Signer;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.BlobStores;
import dev.slipway.common.client.ClientTls;
import dev.slipway.common.client.ServiceClient;
import dev.slipway.common.heartbeat.HeartbeatApi;
import dev.slipway.common.job.Pool;
import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.log.LogReadStore;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.ListenerStore;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.schema.SchemaConfiguration;
import dev.slipway.common.trace.Traces;
import dev.slipway.common.trace.TracingConfiguration;
import dev.slipway.worker.build.ArchiveStore;
import dev.slipway.worker.build.BuildCommand;
import dev.slipway.worker.build.LogArchiver;
import dev.slipway.worker.build.LogStore;
import dev.slipway.worker.build.Sandbox;
import dev.slipway.worker.checkout.Checkout;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.Heartbeats;
import dev.slipway.worker.job.SlotStore;
import dev.slipway.worker.job.Slots;
import dev.slipway.worker.publish.CloudKms;
import dev.slipway.worker.publish.Provenances;
import dev.slipway.worker.publish.Publisher;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** A build worker: takes jobs from the queue, one for each of its slots. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableConfigurationProperties(WorkerProperties.class)
@Import({SchemaConfiguration.class, TracingConfiguration.class})
public class BuildWorkerApplication {
  private static final Logger log = LoggerFactory.getLogger(BuildWorkerApplication.class);

  /** For what is out of order to come back. */
  private static final Duration AFTER_FAULT = Duration.ofSeconds(10);

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
  Notices notices(JdbcClient jdbc, MeterRegistry meters) {
    return new Notices(new NoticeStore(jdbc), meters);
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
  Publisher publisher(BlobStore homeBucket, WorkerProperties properties, MeterRegistry meters)
      throws IOException {
    var clock = Clock.systemUTC();
    var key = new KeyFiles(properties.signingKeyFile(), properties.publicKeyFile());
    var kms = properties.provenanceKms();
    Signer signer = kms == null ? key : CloudKms.open(kms.key(), publicKey(kms), meters);
    var provenances = new Provenances(homeBucket, signer, properties.builderId(), clock);
    return new Publisher(homeBucket, key, provenances, clock);
  }

  private static String publicKey(WorkerProperties.Kms kms) throws IOException {
    return Files.readString(kms.publicKeyFile());
  }

  @Bean
  FinishStore finish(JdbcClient jdbc, Notices notices) {
    return new FinishStore(jdbc, notices);
  }

  @Bean
  Build build(
      Checkout checkout, WorkerProperties properties, Publisher publisher, FinishStore finish)
      throws IOException {
    var sandbox = properties.sandbox() ? sandbox(properties) : null;
    return new Build(
        checkout, new BuildCommand(System.getenv(), sandbox), publisher, finish, Clock.systemUTC());
  }

  private static Sandbox sandbox(WorkerProperties properties) throws IOException {
    var hidden = new ArrayList<Path>();
    // whole: a key that takes another's place is another file
    hidden.add(properties.signingKeyFile().toAbsolutePath().resolveSibling("").toRealPath());
    if ("file".equals(properties.homeBucket().getScheme())) {
      hidden.add(Path.of(properties.homeBucket()).toRealPath());
    }
    var home = Path.of(System.getProperty("user.home")).toAbsolutePath();
    if (Files.isDirectory(home) && home.getNameCount() > 0) {
      hidden.addFirst(home.toRealPath());
    }
    return Sandbox.open(properties.dir().toRealPath(), hidden);
  }

  @Bean
  Worker worker(
      JdbcClient jdbc,
      FinishStore finish,
      Notices notices,
      Build build,
      Traces traces,
      MeterRegistry meters) {
    return new Worker(
        new Worker.Jobs(new LogStore(jdbc), finish, notices),
        build,
        AFTER_FAULT,
        traces,
        Clock.systemUTC(),
        meters);
  }

  @Bean(destroyMethod = "close")
  Slots slots(
      WorkerProperties properties,
      DataSource database,
      Worker worker,
      Checkout checkout,
      DiskSpace workerDisk,
      MeterRegistry meters) {
    // a process of the same name that was here before may still hold jobs
    var name = properties.name() + "/" + Secrets.random().substring(0, 6);
    var identity = new Slots.Identity(name, properties.slots(), new Pool(properties.labels()));
    return new Slots(
            identity,
            new SlotStore(database),
            () -> hasRoom(checkout, workerDisk),
            worker,
            Clock.systemUTC(),
            meters)
        .start();
  }

  private static boolean hasRoom(Checkout checkout, DiskSpace disk) {
    try {
      return checkout.makeRoom(disk::isEnough);
    } catch (IOException cannotRemove) {
      log.warn("Unused mirrors could not be removed to make room", cannotRemove);
      return disk.isEnough();
    }
  }

  @Bean
  Heartbeats heartbeats(
      WorkerProperties properties, Slots slots, SslBundles bundles, MeterRegistry meters) {
    var reaper =
        ServiceClient.of(
            HeartbeatApi.class,
            properties.reaperUrl(),
            properties.token(),
            HEARTBEAT,
            meters,
            ClientTls.of(bundles));
    return new Heartbeats(reaper, slots, meters).start();
  }

  @Bean
  ListenerStore listener(DataSource database, Slots slots, MeterRegistry meters) {
    return new ListenerStore(database, Map.of(Channel.JOB_QUEUED, slots::wake), meters);
  }

  @Bean
  Loop logArchiveLoop(
      WorkerProperties properties,
      Slots slots,
      JdbcClient jdbc,
      BlobStore homeBucket,
      MeterRegistry meters) {
    var archiver =
        new LogArchiver(
            slots.identity().worker(),
            new ArchiveStore(jdbc),
            new BuildLogs(new LogReadStore(jdbc), meters),
            homeBucket,
            properties.homeBucket(),
            meters);
    return new Loop("log-archive", ARCHIVE, archiver::runOnce, meters).start();
  }

  /** Before anything that builds need is closed, they end or are released. */
  @Bean
  ApplicationListener<ContextClosedEvent> drain(Slots slots, WorkerProperties properties) {
    return closed -> slots.drain(properties.drainGrace());
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http) {
    return ApiSecurity.chain(http, token -> Optional.empty(), requests -> {});
  }
}
