package dev.slipway.replication.verify;

import static dev.slipway.replication.Copies.BYTES;
import static dev.slipway.replication.Copies.DIGEST;
import static dev.slipway.replication.Copies.EU;
import static dev.slipway.replication.Copies.OTHER;
import static dev.slipway.replication.Copies.US;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.ReplicaStatus;
import dev.slipway.common.trace.LogLines;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Traces;
import dev.slipway.replication.Copies;
import dev.slipway.replication.handout.WantedStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

@NullMarked
class CheckerTest {
  private final Copies copies;
  private final WantedStore wanted;
  private final ReplicaStore replicas;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  CheckerTest(@TempDir Path folder) throws IOException {
    copies = new Copies(folder);
    wanted = new WantedStore(copies.jdbc, System::nanoTime);
    replicas = copies.replicas;
  }

  @Test
  void a_region_is_asked_for_what_it_lacks_until_its_copy_is_verified() throws IOException {
    assertThat(wanted.wantedBy(EU))
        .singleElement()
        .satisfies(w -> assertThat(w.job()).isEqualTo(copies.job));
    copies.holds(EU, BYTES);
    check(0);
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.VERIFIED);
    assertThat(wanted.wantedBy(EU)).isEmpty();
  }

  @Test
  void a_build_is_replicated_only_once_every_wanted_region_is_verified() throws IOException {
    copies.holds(EU, BYTES);
    check(0);
    assertThat(copies.isReplicated()).isFalse();
    copies.holds(US, BYTES);
    check(0);
    assertThat(copies.isReplicated()).isTrue();
  }

  @Test
  void a_retired_build_is_not_handed_out_nor_claimed_nor_looked_at() throws IOException {
    copies.holds(EU, BYTES);
    copies.jdbc.sql("update job set retired_at = now()").update();
    check(0);
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.PRESENT);
    copies.jdbc.sql("delete from replica").update();
    assertThat(wanted.wantedBy(EU)).isEmpty();
    assertThat(replicas.claim(copies.job, EU, Copies.claim(DIGEST, BYTES.length))).isFalse();
  }

  @Test
  void an_excluded_region_is_not_waited_for_and_catches_up_later() throws IOException {
    copies.exclude(US, true);
    copies.holds(EU, BYTES);
    check(0);
    assertThat(copies.isReplicated()).isTrue();
    assertThat(wanted.wantedBy(US)).isEmpty();
    copies.exclude(US, false);
    assertThat(wanted.wantedBy(US)).hasSize(1);
  }

  @Test
  void the_bucket_of_an_excluded_region_is_left_alone_until_it_is_back() throws IOException {
    copies.holds(EU, BYTES);
    copies.holds(US, BYTES);
    copies.exclude(US, true);
    checkerWith(
            0,
            address -> {
              assertThat(address).isNotEqualTo("us");
              return copies.bucket(address);
            })
        .runOnce();
    assertThat(copies.isReplicated()).isTrue();
    assertThat(copies.status(US)).isEqualTo(ReplicaStatus.PRESENT);
    copies.exclude(US, false);
    check(0);
    assertThat(copies.status(US)).isEqualTo(ReplicaStatus.VERIFIED);
  }

  @Test
  void a_claim_without_the_bytes_is_found_out() {
    wanted.wantedBy(EU);
    copies.claim(EU);
    check(0);
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.CORRUPT);
    assertThat(wanted.wantedBy(EU)).as("wanted again").hasSize(1);
    assertThat(copies.isReplicated()).isFalse();
  }

  @Test
  void wrong_bytes_of_the_right_size_are_found_out() throws IOException {
    copies.holds(EU, OTHER);
    check(0);
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.CORRUPT);
    assertThat(copies.replica(EU).problem()).contains("CRC32C");
    assertThat(meters.counter("slipway.replicas.corrupt", "region", "eu").count()).isOne();
  }

  @Test
  void what_is_said_of_a_copy_names_its_span_in_the_builds_trace() throws IOException {
    var push = TraceParent.start(false);
    copies.jdbc.sql("update job set trace_parent = :push").param("push", push.toString()).update();
    copies.holds(EU, OTHER);
    copies.holds(US, BYTES);
    try (var log = new LogLines()) {
      checkerWith(
              0,
              address -> {
                if (address.equals("us")) {
                  throw new IOException("it is sick");
                }
                return copies.bucket(address);
              })
          .runOnce();
      assertThat(log.saying("in eu is corrupt"))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(push.child("replication").child("verify/eu")));
      assertThat(log.saying("in us could not be read"))
          .extracting(LogLines.Line::trace)
          .containsExactly(LogLines.of(push.child("replication").child("verify/us")));
    }
    assertThat(wanted.wantedBy(EU)).extracting(WantedStore.Wanted::push).containsExactly(push);
  }

  @Test
  void a_full_read_checks_the_digest() throws IOException {
    copies.holds(EU, BYTES);
    copies.jdbc.sql("update job set sha256 = :wrong").param("wrong", "0".repeat(64)).update();
    check(100);
    assertThat(copies.replica(EU).problem()).contains("SHA-256");
  }

  @Test
  void what_was_read_whole_is_told() throws IOException {
    copies.holds(EU, BYTES);
    copies.holds(US, BYTES);
    replicas.ask(copies.job, US);
    check(0);
    assertThat(copies.replica(EU).checkedAt()).isNotNull();
    assertThat(copies.replica(EU).readAt()).isNull();
    assertThat(copies.replica(US).readAt()).isNotNull();
  }

  @Test
  void a_claim_for_another_digest_or_size_is_refused() {
    var other = new Sha256("1".repeat(64));
    assertThat(replicas.claim(copies.job, EU, Copies.claim(other, BYTES.length))).isFalse();
    assertThat(replicas.claim(copies.job, EU, Copies.claim(DIGEST, 1))).isFalse();
    assertThat(replicas.claim(copies.job + 1, EU, Copies.claim(DIGEST, BYTES.length))).isFalse();
  }

  @Test
  void a_claim_that_arrives_twice_is_counted_once_and_one_of_another_agent_as_well() {
    var first = new ReplicaClaim(UUID.randomUUID(), DIGEST, BYTES.length, 5);
    replicas.claim(copies.job, EU, first);
    replicas.claim(copies.job, EU, first);
    assertThat(copies.replica(EU).movedBytes()).isEqualTo(5);
    replicas.claim(copies.job, EU, new ReplicaClaim(UUID.randomUUID(), DIGEST, BYTES.length, 7));
    assertThat(copies.replica(EU).movedBytes()).isEqualTo(12);
  }

  @Test
  void a_bucket_that_cannot_be_read_leaves_the_copy_for_later() throws IOException {
    copies.holds(EU, BYTES);
    checkerWith(
            0,
            address -> {
              throw new IOException("no route");
            })
        .runOnce();
    assertThat(copies.status(EU)).isEqualTo(ReplicaStatus.PRESENT);
  }

  @Test
  void a_bucket_that_cannot_be_read_does_not_make_the_checker_wake_itself() throws Exception {
    copies.holds(EU, BYTES);
    try (var connection = copies.database.dataSource().getConnection();
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
      assertThat(checkerWith(0, copies::bucket).runOnce()).isTrue();
      assertThat(heard.getNotifications(5_000)).hasSize(1);
    }
  }

  @Test
  void a_sick_region_is_asked_once_a_pass_and_holds_up_no_other() throws IOException {
    var asked = new AtomicInteger();
    for (var i = 0; i < 120; i++) {
      var other = copies.rows.succeeded("hello", DIGEST.value(), "AAAAAA==", BYTES.length);
      assertThat(replicas.claim(other, EU, Copies.claim(DIGEST, BYTES.length))).isTrue();
    }
    copies.holds(US, BYTES);
    checkerWith(
            0,
            address -> {
              if (address.equals("eu")) {
                asked.incrementAndGet();
                throw new IOException("no route");
              }
              return copies.bucket(address);
            })
        .runOnce();
    assertThat(copies.status(US)).isEqualTo(ReplicaStatus.VERIFIED);
    assertThat(asked).hasValue(1);
  }

  @Test
  void a_copy_that_cannot_be_read_waits_behind_the_others() throws IOException {
    var odd = copies.rows.succeeded("hello", "1".repeat(64), "AAAAAA==", 1);
    replicas.claim(odd, EU, Copies.claim(new Sha256("1".repeat(64)), 1));
    copies.holds(EU, BYTES);
    assertThat(replicas.claimed().getFirst().job()).isEqualTo(odd);
    replicas.postpone(replicas.claimed().getFirst());
    assertThat(replicas.claimed().getFirst().job()).isEqualTo(copies.job);
  }

  @Test
  void old_builds_that_cannot_be_copied_do_not_hide_the_newest() {
    var newest = copies.job;
    for (var i = 0; i < 120; i++) {
      newest = copies.rows.succeeded("hello", DIGEST.value(), "AAAAAA==", 1);
    }
    var lacking = wanted.wantedBy(EU).stream().map(WantedStore.Wanted::job).toList();
    assertThat(lacking).hasSize(100).isSorted().startsWith(copies.job).endsWith(newest);
  }

  @Test
  void copies_are_wanted_again_in_a_regions_new_bucket() throws IOException {
    copies.holds(EU, BYTES);
    copies.holds(US, BYTES);
    check(0);
    replicas.forget(EU);
    assertThat(wanted.wantedBy(EU)).hasSize(1);
    assertThat(wanted.wantedBy(US)).isEmpty();
  }

  private void check(int fullReads) {
    checkerWith(fullReads, copies::bucket).runOnce();
  }

  private Checker checkerWith(int fullReads, Judge.Buckets open) {
    var judge = new Judge(replicas, new Inspector(fullReads), open, Duration.ofDays(1), meters);
    return new Checker(
        replicas, judge, new NoticeStore(copies.jdbc), new ReplicationTrace(replicas, Traces.OFF));
  }
}
