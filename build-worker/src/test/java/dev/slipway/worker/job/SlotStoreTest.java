package dev.slipway.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.job.Pool;
import dev.slipway.common.recipe.DeployRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

@NullMarked
class SlotStoreTest {
  private final TestDatabase database = TestDatabase.create();
  private final JdbcClient jdbc = database.jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final Claims claims = new Claims(database.dataSource());

  @Test
  void under_contention_each_job_is_given_once() throws Exception {
    rows.app("hello");
    IntStream.range(0, 200).forEach(i -> rows.queued("hello"));
    var workers = new ArrayList<Callable<Integer>>();
    for (var w = 0; w < 8; w++) {
      var name = "w" + w;
      workers.add(() -> {
        var count = 0;
        while (claims.claim(name).isPresent()) {
          count++;
        }
        return count;
      });
    }
    var total = 0;
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var worker : threads.invokeAll(workers)) {
        total += worker.get();
      }
    }
    assertThat(total).isEqualTo(200);
    assertThat(count("select count(*) from job where status = 'RUNNING' and attempt = 1"))
        .isEqualTo(200);
    assertThat(
            count(
                "select count(*) from job j join job_attempt a on a.job = j.id and a.worker = j.worker and a.attempt = 1"))
        .isEqualTo(200);
  }

  /** Statistics of a table in which everything waits must not make a claim read all of it. */
  @Test
  void a_claim_reads_no_whole_table_however_much_waits() throws Exception {
    rows.app("hello");
    jdbc.sql(
            """
            insert into job (app, seq, commit_sha, ref, found_by)
            select 'hello', n, lpad(to_hex(n), 40, '0'), 'refs/heads/master', 'WEBHOOK'
            from generate_series(1, 10000) n
            """)
        .update();
    jdbc.sql("vacuum analyze job").update();
    try (var connection = database.dataSource().getConnection()) {
      var session = new SingleConnectionDataSource(connection, true);
      var jdbc = JdbcClient.create(session);
      jdbc.sql(SlotStore.SESSION).update();
      var before = wholeReads(jdbc);
      assertThat(new Claims(session).claim("w")).isPresent();
      assertThat(wholeReads(jdbc)).isEqualTo(before);
    }
  }

  private static long wholeReads(JdbcClient jdbc) {
    jdbc.sql("select pg_stat_force_next_flush()").query((row, n) -> true).single();
    return jdbc.sql("select seq_scan from pg_stat_user_tables where relname = 'job'")
        .query(Long.class)
        .single();
  }

  @Test
  void the_job_that_has_waited_longest_comes_first_over_all_apps() {
    rows.app("hello");
    rows.app("other");
    var late = rows.queued("hello");
    var early = rows.queued("other");
    jdbc.sql("update job set created_at = now() - interval '1 hour' where id = :id")
        .param("id", early)
        .update();
    assertThat(claims.claim("w").orElseThrow().claim().job()).isEqualTo(early);
    var second = claims.claim("w").orElseThrow();
    assertThat(second.claim().job()).isEqualTo(late);
    assertThat(second.app().value()).isEqualTo("hello");
    assertThat(second.repository()).isEqualTo("https://git.test/hello");
    assertThat(second.branch()).isEqualTo("master");
    assertThat(second.recipe()).isNull();
  }

  @Test
  void with_nothing_queued_nothing_changes() {
    rows.app("hello");
    var running = rows.running("hello", "w1");
    var before = jdbc.sql("select xmin::text from job").query(String.class).single();
    assertThat(claims.claim("w2")).isEmpty();
    assertThat(jdbc.sql("select xmin::text from job").query(String.class).single())
        .isEqualTo(before);
    assertThat(running).isPositive();
  }

  @Test
  void results_go_in_and_jobs_come_out_in_one_turn() {
    rows.app("hello");
    var jobs = IntStream.range(0, 5).mapToObj(i -> rows.queued("hello")).toList();
    var store = new SlotStore(database.dataSource());
    var first = store.exchange("w", Pool.ANY, Mark.START, List.of(), 3);
    assertThat(first.claimed())
        .extracting(claimed -> claimed.job().claim().job())
        .containsExactlyElementsOf(jobs.subList(0, 3));
    var results = first.claimed().stream().map(claimed -> finished(claimed.job())).toList();
    jdbc.sql("update job set attempt = 2 where id = :job").param("job", jobs.get(1)).update();
    var second = store.exchange("w", Pool.ANY, Mark.START, results, 3);
    assertThat(second.accepted()).containsExactlyInAnyOrder(jobs.get(0), jobs.get(2));
    assertThat(second.claimed())
        .extracting(claimed -> claimed.job().claim().job())
        .containsExactlyElementsOf(jobs.subList(3, 5));
    // the answer was lost, so it is all said again
    assertThat(store.exchange("w", Pool.ANY, Mark.START, results, 0).accepted()).isEmpty();
    assertThat(store.acceptedBefore("w", results.stream().map(Finished::claim).toList()))
        .containsExactlyInAnyOrder(jobs.get(0), jobs.get(2));
  }

  @Test
  void claims_whose_answer_was_lost_go_back_and_others_stay() {
    rows.app("hello");
    var held = rows.running("hello", "w");
    var stray = rows.running("hello", "w");
    var others = rows.running("hello", "another");
    assertThat(new SlotStore(database.dataSource()).releaseStrays("w", List.of(held))).isOne();
    assertThat(
            count(
                "select count(*) from job where status = 'RUNNING' and id in (%d, %d)"
                    .formatted(held, others)))
        .isEqualTo(2);
    assertThat(claims.claim("w").orElseThrow().claim()).isEqualTo(new Claim(stray, 2, "w"));
    assertThat(count("select max_attempts from job where id = " + stray)).isEqualTo(4);
  }

  @Test
  void each_pool_is_a_line_of_its_own() {
    rows.app("hello");
    var large = rows.queued("hello");
    var any = rows.queued("hello");
    jdbc.sql("update job set pool = 'large,linux' where id = :id").param("id", large).update();
    var labels = new Pool(List.of("linux", "large", "arm"));
    assertThat(new SlotStore(database.dataSource()).waiting(labels.served()))
        .containsExactly(Pool.of("large,linux"), Pool.ANY);
    assertThat(new SlotStore(database.dataSource()).waiting(new Pool(List.of("linux")).served()))
        .containsExactly(Pool.ANY);
    assertThat(claims.claim("w").orElseThrow().claim().job()).isEqualTo(any);
    assertThat(claims.claim("w")).isEmpty();
    assertThat(claims.claim("w", Pool.of("large,linux")).orElseThrow().claim().job())
        .isEqualTo(large);
  }

  @Test
  void a_mark_leaves_out_what_is_before_it() {
    rows.app("hello");
    rows.queued("hello");
    var second = rows.queued("hello");
    var store = new SlotStore(database.dataSource());
    var first = store.exchange("w", Pool.ANY, Mark.START, List.of(), 1).claimed().getFirst();
    jdbc.sql(
            "update job set status = 'QUEUED', worker = null, started_at = null, last_heartbeat = null where id = :id")
        .param("id", first.job().claim().job())
        .update();
    assertThat(store.exchange("w", Pool.ANY, first.place(), List.of(), 2).claimed())
        .extracting(claimed -> claimed.job().claim().job())
        .containsExactly(second);
  }

  private static Finished finished(ClaimedJob job) {
    var published =
        new Published("artifacts/hello/x", 7, new Sha256("a".repeat(64)), "AAAAAA==", "m");
    return new Finished(job.claim(), published, DeployRecipe.BY_HAND);
  }

  private int count(String sql) {
    return jdbc.sql(sql).query(Integer.class).single();
  }
}
