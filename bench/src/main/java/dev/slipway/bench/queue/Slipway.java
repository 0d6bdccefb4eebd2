package dev.slipway.bench.queue;

import com.zaxxer.hikari.HikariDataSource;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.job.CommitSha;
import dev.slipway.common.job.Pool;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.ListenerStore;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.common.recipe.DeployRecipe;
import dev.slipway.queue.push.Candidate;
import dev.slipway.queue.push.Enqueuer;
import dev.slipway.queue.push.FoundBy;
import dev.slipway.queue.push.PushStore;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.job.Finished;
import dev.slipway.worker.job.Published;
import dev.slipway.worker.job.SlotStore;
import dev.slipway.worker.job.Slots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Slipway's own stores and slots, with jobs that succeed at once. */
final class Slipway implements QueueSystem, Wakeable, WithHistory {
  private static final int LONGEST_SECONDS = 180;
  private static final Published PUBLISHED =
      new Published("binary", 1, new Sha256("0".repeat(64)), "AAAAAA==", "manifest");

  private final Server.Place place;
  private final boolean oneProcess;
  private final AtomicLong commits;

  private Slipway(Server.Place place, boolean oneProcess, AtomicLong commits) {
    this.place = place;
    this.oneProcess = oneProcess;
    this.commits = commits;
  }

  /**
   * As many workers with a slot each, every one with a connection of its own; and one worker with
   * as many slots on one connection. Both on the same tables, which are made here.
   */
  static List<Slipway> both(Server.Place place) {
    Schema.create(place);
    var commits = new AtomicLong();
    return List.of(new Slipway(place, false, commits), new Slipway(place, true, commits));
  }

  @Override
  public String name() {
    return oneProcess ? "slots" : "slipway";
  }

  @Override
  public Kind kind() {
    return Kind.OURS;
  }

  @Override
  public List<String> tables() {
    return Schema.TABLES;
  }

  /** As the service does it: with the hint to idle workers. */
  @Override
  public double enqueue(int jobs, int callers) throws Exception {
    try (var pool = place.pool(callers + 1);
        var notices = new Notices(new NoticeStore(JdbcClient.create(pool)), meters())) {
      var enqueuer = new Enqueuer(pushes(pool), notices, meters());
      return enqueue(jobs, callers, enqueuer::enqueue);
    }
  }

  /** Only the store's part of it. */
  double enqueueWithoutHint(int jobs, int callers) throws Exception {
    try (var pool = place.pool(callers + 1)) {
      return enqueue(jobs, callers, pushes(pool)::enqueue);
    }
  }

  private double enqueue(int jobs, int callers, Consumer<Candidate> enqueue) throws Exception {
    var left = new AtomicLong(jobs);
    return Callers.seconds(
        Collections.nCopies(
            callers,
            () -> {
              while (left.getAndDecrement() > 0) {
                enqueue.accept(next());
              }
            }));
  }

  @Override
  public void load(int jobs) throws Exception {
    enqueueWithoutHint(jobs, 8);
  }

  private static PushStore pushes(HikariDataSource pool) {
    return new PushStore(pool, new TransactionTemplate(new DataSourceTransactionManager(pool)));
  }

  private Candidate next() {
    var n = commits.incrementAndGet();
    return Candidate.found(
        new AppName("app-" + n % Schema.APPS),
        new CommitSha("%040x".formatted(n)),
        "master",
        FoundBy.WEBHOOK);
  }

  @Override
  public double drain(int jobs, int workers) throws Exception {
    var done = new CountDownLatch(jobs);
    try (var crew = new Crew(workers, job -> {}, done::countDown)) {
      var begun = System.nanoTime();
      crew.start();
      if (!done.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(name() + " left " + done.getCount() + " jobs undone");
      }
      return (System.nanoTime() - begun) / 1e9;
    }
  }

  @Override
  public List<Double> pickups(int workers, int probes) throws Exception {
    var probe = new Probe();
    try (var crew = new Crew(workers, job -> probe.started(), () -> {});
        var pool = place.pool(2);
        var notices = new Notices(new NoticeStore(JdbcClient.create(pool)), meters())) {
      var enqueuer = new Enqueuer(pushes(pool), notices, meters());
      crew.listen();
      crew.start();
      return probe.run(probes, () -> enqueuer.enqueue(next()));
    }
  }

  @Override
  public void loadFinished(int jobs) {
    var first = commits.getAndAdd(jobs) + 1;
    place
        .jdbc()
        .sql(
            """
            insert into job (app, seq, commit_sha, ref, found_by, status, attempt, worker, created_at, started_at,
              finished_at, last_heartbeat, binary_name, size_bytes, sha256, crc32c, manifest, rollout, replicated_at)
            select 'app-' || n % :apps, n, lpad(to_hex(n), 40, '0'), 'refs/heads/master', 'WEBHOOK', 'SUCCEEDED', 1,
              'worker', now(), now(), now(), now(), 'binary', 1, repeat('0', 64), 'AAAAAA==', 'manifest', '{}', now()
            from generate_series(:first::bigint, :last::bigint) as n
            """)
        .param("apps", Schema.APPS)
        .param("first", first)
        .param("last", first + jobs - 1)
        .update();
  }

  @Override
  public void close() {}

  /** Removes what is left over. */
  void clear() {
    place.jdbc().sql("delete from job where status in ('QUEUED', 'RUNNING')").update();
  }

  private static SimpleMeterRegistry meters() {
    return new SimpleMeterRegistry();
  }

  /** The workers. */
  private final class Crew implements AutoCloseable {
    private final List<Slots> workers = new ArrayList<>();
    private final List<ListenerStore> listeners = new ArrayList<>();
    private final List<SingleConnectionDataSource> connections = new ArrayList<>();

    Crew(int count, Consumer<ClaimedJob> body, Runnable finished) throws SQLException {
      for (var i = 0; i < (oneProcess ? 1 : count); i++) {
        var connection = new SingleConnectionDataSource(place.connect(), true);
        connections.add(connection);
        JdbcClient.create(connection).sql(SlotStore.SESSION).update();
        workers.add(
            new Slots(
                new Slots.Identity("worker-" + i, oneProcess ? count : 1, Pool.ANY),
                new SlotStore(connection),
                () -> true,
                (job, hold, slots) -> {
                  body.accept(job);
                  finish(job, slots);
                  finished.run();
                },
                Clock.systemUTC(),
                meters()));
      }
    }

    private void finish(ClaimedJob job, Slots slots) {
      try {
        if (!slots.finish(new Finished(job.claim(), PUBLISHED, DeployRecipe.BY_HAND))) {
          throw new IllegalStateException(job.claim() + " was not accepted");
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    /** Each as a process of its own does, on one more connection. */
    void listen() {
      for (var worker : workers) {
        var listener =
            new ListenerStore(
                place.dataSource(), Map.of(Channel.JOB_QUEUED, worker::wake), meters());
        listeners.add(listener);
      }
    }

    void start() {
      workers.forEach(Slots::start);
    }

    @Override
    public void close() {
      listeners.forEach(ListenerStore::close);
      workers.forEach(Slots::close);
      connections.forEach(SingleConnectionDataSource::destroy);
    }
  }
}
