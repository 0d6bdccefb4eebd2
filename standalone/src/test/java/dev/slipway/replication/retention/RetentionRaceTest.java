package dev.slipway.replication.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.DeployServiceApplication;
import dev.slipway.deploy.Deployer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Retention and deploy-service as they are, on one database, at the same time. */
@NullMarked
class RetentionRaceTest {
  private static final AppName APP = new AppName("hello");
  private static final int ROUNDS = 30;

  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final Map<String, BlobStore> buckets = new HashMap<>();

  private Retention retention() {
    var store = new RetiredStore(jdbc);
    var audit = new AuditStore(jdbc);
    var meters = new SimpleMeterRegistry();
    var broom = new Broom(meters);
    var trash = new Trash(store, broom, Duration.ZERO);
    var transaction =
        new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
    Buckets open = this::bucket;
    return new Retention(
        new Retention.Hands(
            store,
            new Retirement(store, audit, transaction),
            new Sweeper(
                store,
                "home",
                Duration.ZERO,
                new Sweeper.Tools(open, broom, trash, audit, transaction, meters)),
            trash,
            new Leftovers(
                new LeftoverStore(jdbc), Duration.ofDays(90), open, broom, audit, meters)),
        "home",
        open,
        Duration.ZERO,
        meters);
  }

  private BlobStore bucket(String name) {
    var bucket = buckets.get(name);
    if (bucket == null) {
      throw new IllegalArgumentException(name);
    }
    return bucket;
  }

  private long build() throws IOException {
    var job = rows.replicated(APP.value());
    for (var bucket : buckets.values()) {
      bucket.create(artifact(job), out -> out.write('x'));
    }
    return job;
  }

  private String artifact(long job) {
    return ArtifactNames.artifact(
        APP,
        new Sha256(
            jdbc.sql("select sha256 from job where id = :job")
                .param("job", job)
                .query((row, n) -> row.getString("sha256"))
                .single()));
  }

  @Test
  void an_old_build_is_refused_or_stays_whole_when_it_is_deployed_while_it_is_retired(
      @TempDir Path folder) throws Exception {
    for (var name : List.of("home", "eu", "us")) {
      buckets.put(name, new FolderBlobStore(folder.resolve(name)));
    }
    rows.app(APP.value());
    jdbc.sql("update app set keep_builds = 1").update();
    jdbc.sql("insert into region (name, bucket) values ('eu', 'eu'), ('us', 'us')").update();
    try (var service =
        DeployServiceApplication.builder()
            .registerShutdownHook(false)
            .run(
                "--server.port=0",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--slipway.deploy.admin-token=" + Secrets.random())) {
      var deployer = service.getBean(Deployer.class);
      assertRefusedAfterItsRetirement(deployer);
      for (var round = 0; round < ROUNDS; round++) {
        var old = build();
        build();
        if (deployed(deployer, old)) {
          retention().run();
          for (var bucket : buckets.values()) {
            assertThat(bucket.stat(artifact(old))).isPresent();
          }
        }
      }
    }
  }

  private void assertRefusedAfterItsRetirement(Deployer deployer) throws IOException {
    var old = build();
    build();
    retention().run();
    assertThat(bucket("home").stat(artifact(old))).isEmpty();
    assertThatThrownBy(() -> deployer.deploy(APP, old, "ann"))
        .hasMessage("build #" + old + " is retired: what was built is no longer kept");
  }

  /** Whether the deployment was made, with a pass of retention at the same time. */
  private boolean deployed(Deployer deployer, long build) throws Exception {
    var start = new CyclicBarrier(2);
    var pass =
        new FutureTask<>(() -> {
          start.await();
          return retention().run();
        });
    Thread.startVirtualThread(pass);
    start.await();
    try {
      deployer.deploy(APP, build, "ann");
      return true;
    } catch (Problem refused) {
      assertThat(refused.code()).isEqualTo("retired");
      return false;
    } finally {
      pass.get();
    }
  }
}
