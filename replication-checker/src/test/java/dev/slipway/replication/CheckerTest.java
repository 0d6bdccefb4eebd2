package dev.slipway.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.FolderBlobStore;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.ReplicaStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
class CheckerTest {
  private static final RegionName EU = new RegionName("eu");
  private static final RegionName US = new RegionName("us");
  private static final byte[] BYTES = "The quick brown fox".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "the quick brown fox".getBytes(StandardCharsets.UTF_8);
  private static final Sha256 DIGEST =
      new Sha256("5cac4f980fedc3d3f1f99b4be3472c9b30d56523e632d151237ec9309048bda9");

  @TempDir private Path folder;

  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final WantedStore wanted = new WantedStore(jdbc);
  private final ReplicaStore replicas = new ReplicaStore(jdbc);
  private Map<String, BlobStore> buckets = Map.of();
  private long job;

  @BeforeEach
  void a_build_and_two_regions() throws IOException {
    buckets =
        Map.of(
            "eu",
            new FolderBlobStore(folder.resolve("eu")),
            "us",
            new FolderBlobStore(folder.resolve("us")));
    rows.app("hello");
    for (var region : List.of("eu", "us")) {
      jdbc.sql("insert into region (name, bucket) values (:name, :name)")
          .param("name", region)
          .update();
    }
    var sample = new FolderBlobStore(folder.resolve("sample")).create("x", out -> out.write(BYTES));
    job = rows.succeeded("hello", DIGEST.value(), sample.crc32c(), BYTES.length);
  }

  @Test
  void a_region_is_asked_for_what_it_lacks_until_its_copy_is_verified() throws IOException {
    assertThat(wanted.wantedBy(EU))
        .singleElement()
        .satisfies(w -> assertThat(w.job()).isEqualTo(job));
    holds(EU, BYTES);
    check(0);
    assertThat(status(EU)).isEqualTo(ReplicaStatus.VERIFIED);
    assertThat(wanted.wantedBy(EU)).isEmpty();
  }

  @Test
  void a_build_is_replicated_only_once_every_wanted_region_is_verified() throws IOException {
    holds(EU, BYTES);
    check(0);
    assertThat(isReplicated()).isFalse();
    holds(US, BYTES);
    check(0);
    assertThat(isReplicated()).isTrue();
  }

  @Test
  void an_excluded_region_is_not_waited_for_and_catches_up_later() throws IOException {
    jdbc.sql("update region set wanted = false where name = 'us'").update();
    holds(EU, BYTES);
    check(0);
    assertThat(isReplicated()).isTrue();
    assertThat(wanted.wantedBy(US)).isEmpty();
    jdbc.sql("update region set wanted = true where name = 'us'").update();
    assertThat(wanted.wantedBy(US)).hasSize(1);
  }

  @Test
  void a_claim_without_the_bytes_is_found_out() {
    wanted.wantedBy(EU);
    claim(EU);
    check(0);
    assertThat(status(EU)).isEqualTo(ReplicaStatus.CORRUPT);
    assertThat(wanted.wantedBy(EU)).as("wanted again").hasSize(1);
    assertThat(isReplicated()).isFalse();
  }

  @Test
  void wrong_bytes_of_the_right_size_are_found_out() throws IOException {
    holds(EU, OTHER);
    check(0);
    assertThat(status(EU)).isEqualTo(ReplicaStatus.CORRUPT);
    assertThat(replicas.replicasOf(job).getFirst().problem()).contains("CRC32C");
  }

  @Test
  void a_full_read_checks_the_digest() throws IOException {
    jdbc.sql("update job set sha256 = :wrong").param("wrong", "0".repeat(64)).update();
    jdbc.sql("update job set binary_name = 'artifacts/hello/' || :digest")
        .param("digest", DIGEST.value())
        .update();
    put(EU, BYTES);
    replicas.claim(job, EU, new ReplicaClaim(new Sha256("0".repeat(64)), BYTES.length, 0));
    check(100);
    assertThat(replicas.replicasOf(job).getFirst().problem()).contains("SHA-256");
  }

  @Test
  void a_claim_for_another_digest_or_size_is_refused() {
    assertThat(
            replicas.claim(job, EU, new ReplicaClaim(new Sha256("1".repeat(64)), BYTES.length, 0)))
        .isFalse();
    assertThat(replicas.claim(job, EU, new ReplicaClaim(DIGEST, 1, 0))).isFalse();
    assertThat(replicas.claim(job + 1, EU, new ReplicaClaim(DIGEST, BYTES.length, 0))).isFalse();
  }

  @Test
  void a_bucket_that_cannot_be_read_leaves_the_copy_for_later() throws IOException {
    holds(EU, BYTES);
    checkerWith(
            0,
            address -> {
              throw new IOException("no route");
            })
        .runOnce();
    assertThat(status(EU)).isEqualTo(ReplicaStatus.PRESENT);
  }

  @Test
  void a_bucket_that_cannot_be_read_does_not_make_the_checker_wake_itself() throws Exception {
    holds(EU, BYTES);
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("listen " + Channel.REPLICA_CHANGED.id());
      assertThat(
              checkerWith(
                      0,
                      address -> {
                        throw new IOException("no route");
                      })
                  .runOnce())
          .isFalse();
      var heard = connection.unwrap(PGConnection.class);
      assertThat(heard.getNotifications(100)).isEmpty();
      assertThat(checkerWith(0, this::bucket).runOnce()).isTrue();
      assertThat(heard.getNotifications(5_000)).hasSize(1);
    }
  }

  @Test
  void a_sick_region_is_asked_once_a_pass_and_holds_up_no_other() throws IOException {
    var asked = new AtomicInteger();
    for (var i = 0; i < 120; i++) {
      var other = rows.succeeded("hello", DIGEST.value(), "AAAAAA==", BYTES.length);
      assertThat(replicas.claim(other, EU, new ReplicaClaim(DIGEST, BYTES.length, 0))).isTrue();
    }
    holds(US, BYTES);
    checkerWith(
            0,
            address -> {
              if (address.equals("eu")) {
                asked.incrementAndGet();
                throw new IOException("no route");
              }
              return bucket(address);
            })
        .runOnce();
    assertThat(status(US)).isEqualTo(ReplicaStatus.VERIFIED);
    assertThat(asked).hasValue(1);
  }

  @Test
  void a_copy_that_cannot_be_read_waits_behind_the_others() throws IOException {
    var odd = rows.succeeded("hello", "1".repeat(64), "AAAAAA==", 1);
    replicas.claim(odd, EU, new ReplicaClaim(new Sha256("1".repeat(64)), 1, 0));
    holds(EU, BYTES);
    assertThat(replicas.claimed().getFirst().job()).isEqualTo(odd);
    replicas.postpone(replicas.claimed().getFirst());
    assertThat(replicas.claimed().getFirst().job()).isEqualTo(job);
  }

  @Test
  void old_builds_that_cannot_be_copied_do_not_hide_the_newest() {
    var newest = job;
    for (var i = 0; i < 120; i++) {
      newest = rows.succeeded("hello", DIGEST.value(), "AAAAAA==", 1);
    }
    var lacking = wanted.wantedBy(EU).stream().map(WantedStore.Wanted::job).toList();
    assertThat(lacking).hasSize(100).isSorted().startsWith(job).endsWith(newest);
  }

  @Test
  void copies_are_wanted_again_in_a_regions_new_bucket() throws IOException {
    holds(EU, BYTES);
    holds(US, BYTES);
    check(0);
    replicas.forget(EU);
    assertThat(wanted.wantedBy(EU)).hasSize(1);
    assertThat(wanted.wantedBy(US)).isEmpty();
  }

  private void holds(RegionName region, byte[] bytes) throws IOException {
    put(region, bytes);
    claim(region);
  }

  private void put(RegionName region, byte[] bytes) throws IOException {
    var bucket = bucket(region.value());
    bucket.create("artifacts/hello/" + DIGEST, out -> out.write(bytes));
    bucket.create("manifests/hello/" + job + "-1.json", out -> out.write('x'));
  }

  private void claim(RegionName region) {
    assertThat(replicas.claim(job, region, new ReplicaClaim(DIGEST, BYTES.length, BYTES.length)))
        .isTrue();
  }

  private void check(int fullReads) {
    checkerWith(fullReads, this::bucket).runOnce();
  }

  private Checker checkerWith(int fullReads, Checker.Buckets open) {
    return new Checker(
        replicas, new Inspector(fullReads), open, new NoticeStore(jdbc), new SimpleMeterRegistry());
  }

  private BlobStore bucket(String address) throws IOException {
    var bucket = buckets.get(address);
    if (bucket == null) {
      throw new IOException("no bucket " + address);
    }
    return bucket;
  }

  private ReplicaStatus status(RegionName region) {
    return replicas.replicasOf(job).stream()
        .filter(r -> r.region().equals(region.value()))
        .findFirst()
        .orElseThrow()
        .status();
  }

  private boolean isReplicated() {
    return jdbc.sql("select replicated_at is not null from job")
        .query((row, n) -> row.getBoolean(1))
        .single();
  }
}
