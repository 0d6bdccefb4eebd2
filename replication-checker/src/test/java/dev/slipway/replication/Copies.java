package dev.slipway.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.ReplicaStatus;
import dev.slipway.replication.verify.ReplicaStore;
import dev.slipway.replication.verify.ReplicaStore.Replica;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A build, two regions with a folder for each bucket, and what they say of their copies. */
@NullMarked
public final class Copies {
  public static final RegionName EU = new RegionName("eu");
  public static final RegionName US = new RegionName("us");
  public static final byte[] BYTES = "The quick brown fox".getBytes(StandardCharsets.UTF_8);
  public static final byte[] OTHER = "the quick brown fox".getBytes(StandardCharsets.UTF_8);
  public static final Sha256 DIGEST =
      new Sha256("5cac4f980fedc3d3f1f99b4be3472c9b30d56523e632d151237ec9309048bda9");

  public final TestDatabase database = TestDatabase.create();
  public final JdbcClient jdbc = database.jdbc();
  public final JobRows rows = new JobRows(jdbc);
  public final ReplicaStore replicas = new ReplicaStore(jdbc);
  public final long job;
  private final Path folder;
  private final Map<String, BlobStore> buckets = new HashMap<>();

  public Copies(Path folder) throws IOException {
    this.folder = folder;
    rows.app("hello");
    for (var region : List.of("eu", "us")) {
      buckets.put(region, new FolderBlobStore(folder.resolve(region)));
      jdbc.sql("insert into region (name, bucket) values (:name, :name)")
          .param("name", region)
          .update();
    }
    var sample = new FolderBlobStore(folder.resolve("sample")).create("x", out -> out.write(BYTES));
    job = rows.succeeded("hello", DIGEST.value(), sample.crc32c(), BYTES.length);
  }

  /** A region's bucket has the build with these bytes, and its region says so. */
  public void holds(RegionName region, byte[] bytes) throws IOException {
    put(region, bytes);
    bucket(region.value()).create("manifests/hello/" + job + "-1.json", out -> out.write('x'));
    claim(region);
  }

  /** Puts an object in place of the one that a bucket has. */
  public void put(RegionName region, byte[] bytes) throws IOException {
    delete(region);
    bucket(region.value()).create(object(), out -> out.write(bytes));
  }

  public void delete(RegionName region) throws IOException {
    bucket(region.value()).delete(object());
  }

  /** The object as the bucket keeps it. */
  public Path file(RegionName region) {
    return folder.resolve(region.value()).resolve(object());
  }

  private static String object() {
    return "artifacts/hello/" + DIGEST;
  }

  public void claim(RegionName region) {
    assertThat(replicas.claim(job, region, claim(DIGEST, BYTES.length))).isTrue();
  }

  public static ReplicaClaim claim(Sha256 sha256, long size) {
    return new ReplicaClaim(UUID.randomUUID(), sha256, size, size);
  }

  public void exclude(RegionName region, boolean excluded) {
    jdbc.sql("update region set wanted = :wanted where name = :region")
        .param("wanted", !excluded)
        .param("region", region.value())
        .update();
  }

  public BlobStore bucket(String address) throws IOException {
    var bucket = buckets.get(address);
    if (bucket == null) {
      throw new IOException("no bucket " + address);
    }
    return bucket;
  }

  public Replica replica(RegionName region) {
    return replicas.replicasOf(job).stream()
        .filter(r -> r.region().equals(region.value()))
        .findFirst()
        .orElseThrow();
  }

  public ReplicaStatus status(RegionName region) {
    return replica(region).status();
  }

  public boolean isReplicated() {
    return jdbc.sql("select replicated_at is not null from job where id = :job")
        .param("job", job)
        .query(Boolean.class)
        .single();
  }
}
