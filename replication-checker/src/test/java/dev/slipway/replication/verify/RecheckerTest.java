package dev.slipway.replication.verify;

import static dev.slipway.replication.Copies.BYTES;
import static dev.slipway.replication.Copies.DIGEST;
import static dev.slipway.replication.Copies.EU;
import static dev.slipway.replication.Copies.OTHER;
import static dev.slipway.replication.Copies.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.ReplicaStatus;
import dev.slipway.common.trace.Traces;
import dev.slipway.replication.Copies;
import dev.slipway.replication.handout.WantedStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Copies that were verified, and what became of them since. */
@NullMarked
class RecheckerTest {
  private static final Duration INTERVAL = Duration.ofHours(24);

  private final Copies copies;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Rechecker rechecker;

  RecheckerTest(@TempDir Path folder) throws IOException {
    copies = new Copies(folder);
    rechecker = rechecker(copies::bucket);
  }

  @BeforeEach
  void both_regions_hold_the_build() throws IOException {
    copies.holds(EU, BYTES);
    copies.holds(US, BYTES);
    check();
    assertThat(copies.isReplicated()).isTrue();
  }

  @Test
  void an_object_that_is_gone_is_noticed_once_its_time_has_come_and_wanted_again()
      throws IOException {
    copies.delete(EU);
    rechecker.runOnce();
    assertThat(copies.status(EU)).as("its time has not come").isEqualTo(ReplicaStatus.VERIFIED);
    passes(INTERVAL);
    rechecker.runOnce();
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.CORRUPT);
    assertThat(copies.replica(EU).problem()).isEqualTo("the object is missing");
    assertThat(new WantedStore(copies.jdbc, System::nanoTime).wantedBy(EU)).hasSize(1);
    assertThat(meters.counter("slipway.replicas.corrupt", "region", "eu").count()).isOne();
    assertThat(copies.status(US)).isEqualTo(ReplicaStatus.VERIFIED);

    copies.put(EU, BYTES);
    copies.claim(EU);
    check();
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.VERIFIED);
    assertThat(copies.replica(EU).problem()).isNull();
  }

  @Test
  void an_object_that_was_cut_is_noticed() throws IOException {
    Files.write(copies.file(EU), Arrays.copyOf(BYTES, BYTES.length - 1));
    passes(INTERVAL);
    rechecker.runOnce();
    assertThat(copies.replica(EU).problem()).isEqualTo("18 bytes in place of 19");
  }

  @Test
  void an_object_that_was_replaced_is_noticed() throws IOException {
    copies.put(EU, OTHER);
    passes(INTERVAL);
    rechecker.runOnce();
    assertThat(copies.replica(EU).problem()).contains("CRC32C");
  }

  @Test
  void one_that_was_written_anew_is_read_whole_and_stays_verified_where_it_is_right()
      throws IOException {
    copies.put(EU, BYTES);
    passes(INTERVAL);
    rechecker.runOnce();
    assertThat(copies.replica(EU).readAt()).isNotNull();
    assertThat(copies.replica(US).readAt()).as("as it was").isNull();
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.VERIFIED);
  }

  @Test
  void what_is_right_is_left_alone_for_an_interval() {
    passes(INTERVAL);
    rechecker.runOnce();
    passes(INTERVAL.multipliedBy(8).dividedBy(10));
    assertThat(copies.replicas.due(INTERVAL)).isEmpty();
    passes(INTERVAL.dividedBy(5));
    assertThat(copies.replicas.due(INTERVAL)).hasSize(2);
  }

  @Test
  void somebody_who_asks_gets_all_of_it_read_at_once() {
    assertThat(copies.replicas.ask(copies.job, EU)).isTrue();
    rechecker.runOnce();
    assertThat(copies.replica(EU).readAt()).isNotNull();
    assertThat(copies.replica(US).readAt()).isNull();
    assertThat(copies.replicas.due(INTERVAL)).isEmpty();
  }

  @Test
  void rot_that_only_a_whole_read_shows_is_found_by_asking() {
    copies.jdbc.sql("update job set sha256 = :other").param("other", "0".repeat(64)).update();
    passes(INTERVAL);
    rechecker.runOnce();
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.VERIFIED);
    copies.replicas.ask(copies.job, EU);
    rechecker.runOnce();
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.CORRUPT);
    assertThat(copies.replica(EU).problem()).contains("SHA-256");
  }

  @Test
  void a_copy_that_nobody_claims_cannot_be_asked_for() throws IOException {
    copies.delete(EU);
    passes(INTERVAL);
    rechecker.runOnce();
    assertThat(copies.replicas.ask(copies.job, EU)).isFalse();
    assertThat(copies.replicas.ask(copies.job + 1, EU)).isFalse();
  }

  @Test
  void a_bucket_that_cannot_be_read_says_nothing_and_holds_up_no_other() throws IOException {
    copies.delete(US);
    passes(INTERVAL);
    var asked = new ArrayList<String>();
    var away =
        rechecker(address -> {
          asked.add(address);
          if (address.equals("eu")) {
            throw new IOException("no route");
          }
          return copies.bucket(address);
        });
    away.runOnce();
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.VERIFIED);
    assertThat(copies.status(US)).isEqualTo(ReplicaStatus.CORRUPT);
    away.runOnce();
    assertThat(asked).as("left alone for a while").containsOnlyOnce("eu");
  }

  @Test
  void an_excluded_region_is_left_alone_and_all_others_are_looked_at() throws IOException {
    copies.exclude(EU, true);
    copies.delete(US);
    passes(INTERVAL);
    rechecker(
            address -> {
              assertThat(address).isEqualTo("us");
              return copies.bucket(address);
            })
        .runOnce();
    assertThat(copies.status(US)).isEqualTo(ReplicaStatus.CORRUPT);
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.VERIFIED);
    copies.exclude(EU, false);
    assertThat(copies.replicas.due(INTERVAL)).extracting(Copy::region).containsExactly("eu");
  }

  @Test
  void a_pass_looks_at_the_oldest_of_each_region_and_at_no_more_than_its_bound() {
    for (var i = 0; i < 2 * ReplicaStore.MOST; i++) {
      var other = copies.rows.succeeded("hello", DIGEST.value(), "AAAAAA==", 1);
      verifiedSince(other, EU, Duration.ofHours(100L + i));
    }
    verifiedSince(copies.job, US, Duration.ofHours(1));
    var due = copies.replicas.due(INTERVAL);
    assertThat(due).filteredOn(c -> c.region().equals("us")).hasSize(1);
    assertThat(due).filteredOn(c -> c.region().equals("eu")).hasSize(ReplicaStore.MOST);
    assertThat(due.getFirst().job())
        .as("due for longest")
        .isEqualTo(copies.job + 2 * ReplicaStore.MOST);
    copies.replicas.ask(copies.job, EU);
    assertThat(copies.replicas.due(INTERVAL).getFirst().job())
        .as("asked for")
        .isEqualTo(copies.job);
  }

  @Test
  void a_database_clock_that_was_set_back_does_not_put_the_next_look_off() {
    // it was two days ahead when the copies were verified
    passes(Duration.ofDays(-2));
    assertThat(copies.replicas.due(INTERVAL)).hasSize(2);
    rechecker.runOnce();
    assertThat(copies.replicas.due(INTERVAL)).isEmpty();
  }

  @Test
  void it_tells_how_late_it_is() {
    assertThat(late()).isZero();
    passes(INTERVAL.plusHours(3));
    assertThat(late()).isBetween(3 * 3600.0, 6 * 3600.0);
    rechecker.runOnce();
    assertThat(late()).isZero();
  }

  @Test
  void regions_are_woken_by_what_is_corrupt_alone() throws Exception {
    try (var connection = copies.database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("listen " + Channel.REPLICA_CHANGED.id());
      var heard = connection.unwrap(PGConnection.class);
      passes(INTERVAL);
      rechecker.runOnce();
      assertThat(heard.getNotifications(100)).isEmpty();
      copies.delete(EU);
      passes(INTERVAL);
      rechecker.runOnce();
      assertThat(heard.getNotifications(5_000)).hasSize(1);
    }
  }

  /** All that is written down becomes older. */
  private void passes(Duration time) {
    copies
        .jdbc
        .sql("update replica set recheck_at = recheck_at - :seconds * interval '1 s'")
        .param("seconds", time.toSeconds())
        .update();
  }

  private void verifiedSince(long job, RegionName region, Duration age) {
    copies
        .jdbc
        .sql(
            """
            insert into replica (job, region, status, verified_at, recheck_at)
            values (:job, :region, 'VERIFIED', now(), now() - :seconds * interval '1 s')
            on conflict (job, region) do update set recheck_at = excluded.recheck_at
            """)
        .param("job", job)
        .param("region", region.value())
        .param("seconds", age.toSeconds())
        .update();
  }

  private double late() {
    return meters.get("slipway.replicas.overdue").gauge().value();
  }

  private void check() {
    new Checker(
            copies.replicas,
            judge(copies::bucket),
            new NoticeStore(copies.jdbc),
            new ReplicationTrace(copies.replicas, Traces.OFF))
        .runOnce();
  }

  private Rechecker rechecker(Judge.Buckets open) {
    return new Rechecker(
        copies.replicas, judge(open), new NoticeStore(copies.jdbc), INTERVAL, meters);
  }

  private Judge judge(Judge.Buckets open) {
    return new Judge(copies.replicas, new Inspector(0), open, INTERVAL, meters);
  }
}
