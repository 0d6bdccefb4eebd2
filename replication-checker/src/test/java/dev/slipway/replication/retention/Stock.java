package dev.slipway.replication.retention;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An app with builds whose objects are in the home bucket and in two regions'. */
@NullMarked
final class Stock {
  static final AppName APP = new AppName("hello");
  static final List<String> ALL = List.of("home", "eu", "us");

  final JdbcClient jdbc;
  final JobRows rows;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TestDatabase database;
  private final Map<String, BlobStore> stores = new TreeMap<>();
  private int contents;

  Stock(TestDatabase database, Path folder, int keepBuilds) throws IOException {
    this.database = database;
    this.jdbc = database.jdbc();
    this.rows = new JobRows(jdbc);
    for (var bucket : ALL) {
      stores.put(bucket, new FolderBlobStore(folder.resolve(bucket)));
    }
    rows.app(APP.value());
    jdbc.sql("update app set keep_builds = :n").param("n", keepBuilds).update();
    for (var region : List.of("eu", "us")) {
      jdbc.sql("insert into region (name, bucket) values (:name, :name)")
          .param("name", region)
          .update();
    }
  }

  BlobStore bucket(String name) {
    var store = stores.get(name);
    if (store == null) {
      throw new IllegalArgumentException(name);
    }
    return store;
  }

  Retention retention(Duration grace) {
    return retention(grace, this::bucket);
  }

  /** As a service has it, with these buckets. */
  Retention retention(Duration grace, Buckets buckets) {
    var store = new RetiredStore(jdbc);
    var audit = new AuditStore(jdbc);
    var broom = new Broom(meters);
    var trash = new Trash(store, broom, grace);
    var transaction =
        new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
    return new Retention(
        new Retention.Hands(
            store,
            new Retirement(store, audit, transaction),
            new Sweeper(
                store,
                "home",
                grace,
                new Sweeper.Tools(buckets, broom, trash, audit, transaction, meters)),
            trash,
            new Leftovers(
                new LeftoverStore(jdbc), Duration.ofDays(30), buckets, broom, audit, meters)),
        "home",
        buckets,
        grace,
        meters);
  }

  /** A replicated build of content of its own. */
  long build() throws IOException {
    return build("content " + contents++);
  }

  /** A replicated build of this content. */
  long build(String content) throws IOException {
    var sha256 = digest(content);
    var job = rows.succeeded(APP.value(), sha256.value(), "AAAAAA==", content.length());
    replicate(job);
    for (var bucket : ALL) {
      put(bucket, ArtifactNames.artifact(APP, sha256), content);
      put(bucket, "blocks/" + APP + "/" + sha256, "blocks");
      put(bucket, ArtifactNames.manifest(APP, job, 1), "manifest");
      put(bucket, ArtifactNames.provenance(APP, job, 1), "provenance");
    }
    return job;
  }

  void replicate(long job) {
    jdbc.sql("update job set replicated_at = now() where id = :job").param("job", job).update();
    jdbc.sql(
            """
            insert into replica (job, region, status, verified_at)
            select :job, name, 'VERIFIED', now() from region
            """)
        .param("job", job)
        .update();
  }

  void put(String bucket, String name, String content) throws IOException {
    if (bucket(bucket).stat(name).isEmpty()) {
      bucket(bucket).create(name, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }
  }

  static Sha256 digest(String content) {
    return new Sha256(dev.slipway.common.access.Secrets.sha256(content));
  }

  /** The buckets that hold all objects of a build. */
  List<String> holding(long job) throws IOException {
    var sha256 =
        new Sha256(
            jdbc.sql("select sha256 from job where id = :job")
                .param("job", job)
                .query(String.class)
                .single());
    var holding = new java.util.ArrayList<String>();
    for (var bucket : ALL) {
      if (bucket(bucket).stat(ArtifactNames.artifact(APP, sha256)).isPresent()
          && bucket(bucket).stat(ArtifactNames.manifest(APP, job, 1)).isPresent()) {
        holding.add(bucket);
      }
    }
    return holding;
  }

  /** Every object there is, by bucket. */
  List<String> objects() throws IOException {
    var all = new java.util.ArrayList<String>();
    for (var bucket : ALL) {
      for (var object : bucket(bucket).list("", "", BlobStore.MAX_LISTED)) {
        all.add(bucket + ": " + object.name());
      }
    }
    return all;
  }

  long deployment(long job, String status) {
    return jdbc.sql(
            """
            insert into deployment (app, job, cause, requested_by, status, plan, reason, started_at, finished_at)
            values ('hello', :job, 'PERSON', 'ann', :status, '{}', 'because',
                    case when :status <> 'PENDING' then now() end,
                    case when :status not in ('PENDING', 'ROLLING', 'PAUSED') then now() end)
            returning id
            """)
        .param("job", job)
        .param("status", status)
        .query(Long.class)
        .single();
  }

  List<Long> retired() {
    return jdbc.sql("select id from job where retired_at is not null order by id")
        .query((row, n) -> row.getLong("id"))
        .list();
  }

  long audited(String action) {
    return jdbc.sql("select count(*) from audit where action = :action")
        .param("action", action)
        .query(Long.class)
        .single();
  }
}
