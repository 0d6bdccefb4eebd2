package dev.slipway.replication.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.database.TestDatabase;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class RetentionTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path folder;
  private Stock stock;

  @BeforeEach
  void an_app_that_keeps_two_builds() throws IOException {
    stock = new Stock(TestDatabase.create(), folder, 2);
  }

  private void run(Duration grace) throws IOException {
    stock.retention(grace).run();
  }

  @Test
  void the_newest_builds_and_what_is_in_use_are_kept_and_nothing_else() throws IOException {
    var useless = stock.build();
    var previous = stock.build();
    var target = stock.build();
    var ahead = stock.build();
    var good = stock.build();
    var better = stock.build();
    var best = stock.build();
    var paused = stock.build();
    var failed = stock.build();
    var newest = List.of(stock.build(), stock.build());
    stock.deployment(good, "SUCCEEDED");
    stock.deployment(better, "SUCCEEDED");
    stock.deployment(best, "SUCCEEDED");
    var deployment = stock.deployment(paused, "PAUSED");
    stock.deployment(failed, "FAILED");
    stock
        .jdbc
        .sql(
            """
            insert into target (region, app, job, share, previous, revision, deployment, ahead, ahead_revision)
            values ('eu', 'hello', :job, 100, :previous, 1, :deployment, :ahead, 2)
            """)
        .param("job", target)
        .param("previous", previous)
        .param("deployment", deployment)
        .param("ahead", ahead)
        .update();
    run(HOUR);
    assertThat(stock.retired())
        .containsExactly(useless, good, failed)
        .doesNotContainAnyElementsOf(newest);
    assertThat(stock.audited("build-retire")).isEqualTo(3);
    assertThat(stock.holding(useless)).as("the grace").isEqualTo(Stock.ALL);
    run(HOUR);
    assertThat(stock.audited("build-retire")).as("said once").isEqualTo(3);
  }

  @Test
  void the_newest_replicated_build_is_kept_however_many_wait_for_their_copies() throws IOException {
    var replicated = stock.build();
    for (var i = 0; i < 3; i++) {
      var waiting = stock.build();
      stock
          .jdbc
          .sql("update job set replicated_at = null where id = :id")
          .param("id", waiting)
          .update();
    }
    run(HOUR);
    assertThat(stock.retired()).hasSize(1).doesNotContain(replicated);
  }

  @Test
  void what_auto_deploy_will_take_is_kept_unless_the_app_is_pinned() throws IOException {
    var line = List.of(stock.build(), stock.build(), stock.build(), stock.build());
    stock.jdbc.sql("update job set rollout = '{\"auto\": true}'").update();
    run(HOUR);
    assertThat(stock.retired()).isEmpty();
    stock.deployment(line.get(1), "SUPERSEDED");
    run(HOUR);
    assertThat(stock.retired()).containsExactly(line.get(0), line.get(1));
    stock.build();
    stock.jdbc.sql("update app set pinned_at = now(), pinned_by = 'ann'").update();
    run(HOUR);
    assertThat(stock.retired()).contains(line.get(2));
  }

  @Test
  void after_the_grace_everything_of_a_retired_build_goes_from_every_bucket() throws IOException {
    var old = stock.build("old");
    stock.build();
    stock.build();
    run(HOUR);
    run(HOUR);
    assertThat(stock.holding(old)).isEqualTo(Stock.ALL);
    pass(HOUR, "retired_at");
    run(HOUR);
    assertThat(of("old", old))
        .as("put aside")
        .hasSize(2)
        .allMatch(object -> object.startsWith("home: trash/"));
    assertThat(stock.audited("build-delete")).isEqualTo(1);
    pass(HOUR, "swept_at");
    run(HOUR);
    assertThat(of("old", old)).isEmpty();
    assertThat(stock.objects()).as("of the others").hasSize(2 * 3 * 4);
    assertThat(stock.meters.counter("slipway.retention.bytes", "what", "artifacts").count())
        .isEqualTo(6);
  }

  /** Objects of a build in all buckets. */
  private List<String> of(String content, long job) throws IOException {
    return stock.objects().stream()
        .filter(name ->
            name.contains(Stock.digest(content).value()) || name.contains("/" + job + "-1.json"))
        .toList();
  }

  private void pass(Duration time, String column) {
    stock
        .jdbc
        .sql("update job set %s = %s - make_interval(secs => :s)".formatted(column, column))
        .param("s", time.toSeconds())
        .update();
  }

  @Test
  void content_that_a_kept_build_has_too_stays() throws IOException {
    var old = stock.build("same");
    stock.build();
    var kept = stock.build("same");
    run(Duration.ZERO);
    run(Duration.ZERO);
    assertThat(stock.retired()).containsExactly(old);
    assertThat(stock.holding(kept)).isEqualTo(Stock.ALL);
    assertThat(stock.bucket("home").stat(ArtifactNames.manifest(Stock.APP, old, 1))).isEmpty();
    assertThat(stock.bucket("home").stat(ArtifactNames.provenance(Stock.APP, old, 1))).isEmpty();
  }

  @Test
  void content_that_is_published_again_while_it_goes_comes_back() throws IOException {
    stock.build("same");
    stock.build();
    stock.build();
    run(HOUR);
    pass(HOUR, "retired_at");
    run(HOUR);
    var artifact = ArtifactNames.artifact(Stock.APP, Stock.digest("same"));
    assertThat(stock.bucket("home").stat(artifact)).isEmpty();
    // an attempt that saw the object before succeeds with it, and regions claimed it
    var again = stock.rows.succeeded("hello", Stock.digest("same").value(), "AAAAAA==", 4);
    stock.replicate(again);
    run(HOUR);
    assertThat(stock.bucket("home").stat(artifact)).isPresent();
    assertThat(
            stock
                .jdbc
                .sql("select distinct status from replica where job = :job")
                .param("job", again)
                .query(String.class)
                .single())
        .as("is read back again")
        .isEqualTo("PRESENT");
    run(HOUR);
    assertThat(stock.bucket("home").stat(artifact)).isPresent();
  }

  @Test
  void a_rehearsal_tells_what_a_pass_does_and_changes_nothing() throws IOException {
    stock.build();
    stock.build();
    stock.build();
    run(HOUR);
    pass(HOUR, "retired_at");
    stock.build();
    var before = stock.objects();
    var told = stock.retention(HOUR).rehearse();
    assertThat(told.retire()).hasSize(1);
    assertThat(told.delete()).hasSize(1);
    assertThat(told.delete().getFirst().objects()).hasSize(4);
    assertThat(told.bytes()).isPositive();
    assertThat(stock.objects()).isEqualTo(before);
    assertThat(stock.retired()).hasSize(1);
    assertThat(stock.audited("build-retire")).isEqualTo(1);
    assertThat(stock.retention(HOUR).run()).isEqualTo(told);
  }

  @Test
  void a_bucket_that_fails_holds_up_no_other_and_is_tried_again() throws IOException {
    var old = stock.build();
    stock.build();
    stock.build();
    run(HOUR);
    pass(HOUR, "retired_at");
    stock
        .retention(
            HOUR,
            address -> {
              if (address.equals("us")) {
                throw new IOException("no way to us");
              }
              return stock.bucket(address);
            })
        .run();
    assertThat(stock.holding(old)).containsExactly("us");
    assertThat(stock.audited("build-delete")).isZero();
    assertThat(stock.meters.counter("slipway.retention.failures").count()).isEqualTo(1);
    run(HOUR);
    assertThat(stock.holding(old)).isEmpty();
    assertThat(stock.audited("build-delete")).isEqualTo(1);
  }

  @Test
  void killed_at_any_call_the_next_pass_ends_the_work() throws IOException {
    for (var calls = 0; calls < 30; calls++) {
      var content = "killed after " + calls;
      var old = stock.build(content);
      var kept = List.of(stock.build(), stock.build());
      var left = new AtomicInteger(calls);
      try {
        stock.retention(Duration.ZERO, address -> mortal(stock.bucket(address), left)).run();
      } catch (Death died) {
        assertThat(left.get()).isNegative();
      }
      run(Duration.ZERO);
      run(Duration.ZERO);
      assertThat(of(content, old)).as("after %d calls", calls).isEmpty();
      for (var build : kept) {
        assertThat(stock.holding(build)).isEqualTo(Stock.ALL);
      }
    }
    assertThat(stock.audited("build-delete")).isEqualTo(stock.retired().size());
  }

  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  /** A bucket whose caller dies at a call. */
  private static BlobStore mortal(BlobStore bucket, AtomicInteger left) {
    return (BlobStore)
        Proxy.newProxyInstance(
            BlobStore.class.getClassLoader(),
            new Class<?>[] {BlobStore.class},
            (proxy, method, arguments) -> {
              if (left.decrementAndGet() < 0) {
                throw new Death();
              }
              try {
                return method.invoke(bucket, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  @Test
  void several_instances_at_once_do_it_once() throws Exception {
    for (var i = 0; i < 12; i++) {
      stock.build();
    }
    var passes =
        IntStream.range(0, 4)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(() -> {
                      try {
                        run(Duration.ZERO);
                      } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                      }
                    }))
            .toList();
    for (var pass : passes) {
      pass.join();
    }
    run(Duration.ZERO);
    assertThat(stock.retired()).hasSize(10);
    assertThat(stock.audited("build-retire")).isEqualTo(10);
    assertThat(stock.audited("build-delete")).isEqualTo(10);
    assertThat(stock.objects()).hasSize(2 * 3 * 4);
  }

  @Test
  void old_logs_of_what_is_not_kept_go_and_those_of_kept_builds_stay() throws IOException {
    var old = stock.build();
    var kept = stock.build();
    var recent = stock.build();
    stock.build();
    for (var job : List.of(old, kept, recent)) {
      stock.put("home", "logs/hello/" + job + "-1.log", "log");
      stock
          .jdbc
          .sql("insert into log_archive (job, attempt, bucket, bytes) values (:job, 1, 'home', 3)")
          .param("job", job)
          .update();
    }
    stock
        .jdbc
        .sql("update job set finished_at = now() - interval '31 days' where id <> :recent")
        .param("recent", recent)
        .update();
    stock.deployment(kept, "SUCCEEDED");
    run(HOUR);
    assertThat(stock.bucket("home").list("logs/", "", 10)).hasSize(2);
    assertThat(stock.bucket("home").stat("logs/hello/" + old + "-1.log")).isEmpty();
    assertThat(stock.jdbc.sql("select count(*) from log_archive").query(Long.class).single())
        .isEqualTo(2);
    assertThat(stock.audited("logs-delete")).isEqualTo(1);
  }

  @Test
  void uploads_of_attempts_that_are_long_over_go() throws IOException {
    var over = stock.build();
    var recent = stock.build();
    var running = stock.rows.running("hello", "w1");
    stock
        .jdbc
        .sql("update job set finished_at = now() - interval '3 days' where id = :job")
        .param("job", over)
        .update();
    for (var job : List.of(over, recent, running, 999L)) {
      stock.put("home", "uploads/hello/" + job + "-1", "half");
    }
    run(HOUR);
    assertThat(stock.bucket("home").list("uploads/", "", 10))
        .extracting(blob -> blob.name())
        .containsExactlyInAnyOrder(
            "uploads/hello/" + recent + "-1",
            "uploads/hello/" + running + "-1",
            "uploads/hello/999-1");
  }

  @Test
  void settings_out_of_bounds_are_refused() {
    assertThatThrownBy(() -> new RetentionProperties(true, null, HOUR, HOUR, Duration.ofDays(90)))
        .hasMessage("slipway.retention.home-bucket must be given");
    assertThatThrownBy(() ->
            new RetentionProperties(false, null, HOUR, Duration.ofMinutes(9), Duration.ofDays(90)))
        .hasMessage("slipway.retention.grace must be at least 10m");
  }
}
