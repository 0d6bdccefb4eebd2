package dev.slipway.standalone.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.database.TestDatabase;
import dev.slipway.common.heartbeat.Heartbeat;
import dev.slipway.common.job.Claim;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.JobMoveStore;
import dev.slipway.common.job.JobRows;
import dev.slipway.common.job.Pool;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.queue.push.Candidate;
import dev.slipway.queue.push.FoundBy;
import dev.slipway.queue.push.PushStore;
import dev.slipway.reaper.HeartbeatStore;
import dev.slipway.reaper.LostJobStore;
import dev.slipway.worker.job.FinishStore;
import dev.slipway.worker.job.Finished;
import dev.slipway.worker.job.Mark;
import dev.slipway.worker.job.Published;
import dev.slipway.worker.job.SlotStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The statements of all services that move jobs, in random order, against a model and against each
 * other.
 */
class JobModelTest {
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final List<String> WORKERS = List.of("w1", "w2", "w3");
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final HikariDataSource pool = pool();
  private final JdbcClient jdbc = JdbcClient.create(pool);
  private final Notices notices = new Notices(new NoticeStore(jdbc), new SimpleMeterRegistry());
  private final PushStore pushes =
      new PushStore(pool, new TransactionTemplate(new JdbcTransactionManager(pool)));
  private final SlotStore slots = new SlotStore(pool);
  private final FinishStore finish = new FinishStore(jdbc, notices);
  private final HeartbeatStore heartbeats = new HeartbeatStore(jdbc);
  private final LostJobStore lost = new LostJobStore(jdbc);
  private final JobMoveStore moves = new JobMoveStore(jdbc);
  private final AtomicInteger commits = new AtomicInteger();

  @AfterEach
  void leave_nothing() {
    notices.close();
    jdbc.sql("truncate app cascade").update();
    pool.close();
  }

  private static HikariDataSource pool() {
    var pool = new HikariDataSource();
    pool.setJdbcUrl(DATABASE.url());
    pool.setUsername("postgres");
    return pool;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void every_order_of_operations_ends_as_in_the_model(long seed) {
    var random = new Random(seed);
    var most = 1 + random.nextInt(3);
    var retryFailures = random.nextBoolean();
    app(most, retryFailures);
    var model = new JobModel(most, retryFailures);
    var jobs = new ArrayList<Long>();
    // those of zombies too
    var claims = new ArrayList<Claim>();
    var told = new StringBuilder("seed " + seed + "\n");
    for (var step = 0; step < 80; step++) {
      told.append(step(random, model, jobs, claims)).append('\n');
      assertThat(table()).as(told::toString).isEqualTo(model.text());
    }
  }

  private String step(Random random, JobModel model, List<Long> jobs, List<Claim> claims) {
    var operation = random.nextInt(13);
    if (jobs.isEmpty() || (operation == 0 && jobs.size() < 12)) {
      jobs.add(push());
      model.push(jobs.getLast());
      return "push";
    }
    var job = jobs.get(random.nextInt(jobs.size()));
    var worker = WORKERS.get(random.nextInt(WORKERS.size()));
    if (claims.isEmpty() || operation <= 3) {
      var free = 1 + random.nextInt(3);
      var claimed = claim(worker, free);
      assertThat(claimed).isEqualTo(model.claim(worker, free));
      claims.addAll(claimed);
      return worker + " claims " + claimed;
    }
    var claim = claims.get(random.nextInt(claims.size()));
    switch (operation) {
      case 4 -> assertThat(succeed(claim)).isEqualTo(model.succeed(claim));
      case 5 -> assertThat(finish.fail(claim, "no")).isEqualTo(model.fail(claim));
      case 6 -> assertThat(finish.cancelled(claim)).isEqualTo(model.cancelled(claim));
      case 7 -> assertThat(finish.release(claim)).isEqualTo(model.release(claim));
      case 8 -> assertThat(finish.giveBack(claim, "no")).isEqualTo(model.giveBack(claim));
      case 9 -> assertThat(beat(claim)).isEqualTo(model.beat(claim));
      case 10 -> {
        silence(job);
        model.silence(job);
        if (random.nextBoolean()) {
          lost.take(TIMEOUT);
          model.reap();
        }
      }
      case 11 -> assertThat(moves.cancel(job, "anna").orElse(null)).isEqualTo(model.cancel(job));
      default -> assertThat(moves.retry(job)).isEqualTo(model.retry(job));
    }
    return "operation " + operation + " on job " + job + " or " + claim;
  }

  @Test
  void at_once_no_result_is_accepted_twice_and_no_job_is_left() throws Exception {
    app(3, true);
    for (var n = 0; n < 60; n++) {
      push();
    }
    Map<Long, AtomicInteger> accepted = new ConcurrentHashMap<>();
    var threads = new ArrayList<Callable<Void>>();
    for (var n = 0; n < 6; n++) {
      var random = new Random(n);
      threads.add(() -> {
        disturb(random, "w" + random.nextInt(4), accepted);
        return null;
      });
    }
    try (var executor = Executors.newFixedThreadPool(threads.size())) {
      for (var done : executor.invokeAll(threads)) {
        done.get();
      }
    }
    end(accepted);

    assertThat(accepted.values()).allMatch(count -> count.get() == 1);
    assertThat(jdbc.sql("select id from job where status = 'SUCCEEDED'").query(Long.class).list())
        .containsExactlyInAnyOrderElementsOf(accepted.keySet());
    assertThat(
            jdbc.sql(
                    "select count(*) from job where status = 'SUCCEEDED' and manifest <> id || '-' || attempt || '-' || worker")
                .query(Integer.class)
                .single())
        .as("results of another attempt")
        .isZero();
    assertThat(
            jdbc.sql(
                    """
                    select count(*) from job
                    where attempt <> (select count(distinct attempt) from job_attempt where job = job.id)
                       or exists (select from job_attempt a where a.job = job.id and outcome is null)
                    """)
                .query(Integer.class)
                .single())
        .as("jobs with attempts missing, twice or open")
        .isZero();
  }

  /** A worker, a reaper and a person in one, in no order. */
  private void disturb(Random random, String worker, Map<Long, AtomicInteger> accepted) {
    var claims = new ArrayList<Claim>();
    for (var step = 0; step < 150; step++) {
      if (claims.isEmpty() || random.nextInt(3) == 0) {
        claims.addAll(claim(worker, 1 + random.nextInt(3)));
        continue;
      }
      var claim = claims.get(random.nextInt(claims.size()));
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> {
          if (succeed(claim)) {
            accepted.computeIfAbsent(claim.job(), job -> new AtomicInteger()).incrementAndGet();
          }
        }
        case 3 -> finish.fail(claim, "no");
        case 4 -> finish.release(claim);
        case 5 -> {
          if (beat(claim) == HeartbeatStore.Hold.CANCELLED) {
            finish.cancelled(claim);
          }
        }
        case 6 -> {
          silence(claim.job());
          lost.take(TIMEOUT);
        }
        case 7 -> moves.cancel(claim.job(), "anna");
        default -> moves.retry(claim.job());
      }
    }
  }

  /** Whatever is open goes its way to an end. */
  private void end(Map<Long, AtomicInteger> accepted) {
    jdbc.sql("update job set last_heartbeat = now() - interval '1 hour' where status = 'RUNNING'")
        .update();
    while (!lost.take(TIMEOUT).isEmpty()) {
      // up to a hundred at a time
    }
    for (var claims = claim("last", 10); !claims.isEmpty(); claims = claim("last", 10)) {
      for (var claim : claims) {
        assertThat(succeed(claim)).isTrue();
        accepted.computeIfAbsent(claim.job(), job -> new AtomicInteger()).incrementAndGet();
      }
    }
  }

  private void app(int maxAttempts, boolean retryFailures) {
    new JobRows(jdbc).app("hello");
    jdbc.sql("update app set max_attempts = :most, retry_failures = :retry")
        .param("most", maxAttempts)
        .param("retry", retryFailures)
        .update();
  }

  private long push() {
    var commit = new CommitSha("%040x".formatted(commits.incrementAndGet()));
    return pushes
        .enqueue(Candidate.found(new AppName("hello"), commit, "master", FoundBy.WEBHOOK))
        .job();
  }

  private List<Claim> claim(String worker, int free) {
    return slots.exchange(worker, Pool.ANY, Mark.START, List.of(), free).claimed().stream()
        .map(claimed -> claimed.job().claim())
        .toList();
  }

  private boolean succeed(Claim claim) {
    var published =
        new Published(
            "artifacts/hello/x",
            1,
            new Sha256("a".repeat(64)),
            "AAAAAA==",
            claim.job() + "-" + claim.attempt() + "-" + claim.worker());
    var finished = List.of(new Finished(claim, published, DeployRecipe.BY_HAND));
    return slots
        .exchange(claim.worker(), Pool.ANY, Mark.START, finished, 0)
        .accepted()
        .contains(claim.job());
  }

  private HeartbeatStore.Hold beat(Claim claim) {
    var held = List.of(new Heartbeat.Held(claim.job(), claim.attempt()));
    return heartbeats
        .beat(new Heartbeat(claim.worker(), 1, List.of(), false, held))
        .getOrDefault(claim.job(), HeartbeatStore.Hold.LOST);
  }

  private void silence(long job) {
    jdbc.sql(
            "update job set last_heartbeat = now() - interval '1 hour' where id = :job and status = 'RUNNING'")
        .param("job", job)
        .update();
  }

  private String table() {
    return String.join(
        "",
        jdbc.sql(
                """
                select id || ': ' || status || ' ' || attempt || '/' || max_attempts || ' ' || coalesce(worker, 'null')
                  || case when cancel_requested_at is null then ' [' else ' cancel [' end
                  || coalesce((select string_agg(a.attempt || ' ' || coalesce(outcome, 'null'), ', ' order by a.attempt)
                               from job_attempt a where a.job = job.id), '')
                  || e']\\n'
                from job order by id
                """)
            .query(String.class)
            .list());
  }
}
