package dev.slipway.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.job.JobRows;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@NullMarked
class ClaimStoreTest {
  private final JdbcClient jdbc = TestDatabase.create().jdbc();
  private final JobRows rows = new JobRows(jdbc);
  private final ClaimStore claims = new ClaimStore(jdbc);

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

  private int count(String sql) {
    return jdbc.sql(sql).query(Integer.class).single();
  }
}
