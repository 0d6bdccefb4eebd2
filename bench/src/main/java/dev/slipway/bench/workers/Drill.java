package dev.slipway.bench.workers;

import dev.slipway.bench.Run;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.notice.Notices;
import dev.slipway.queue.push.Candidate;
import dev.slipway.queue.push.Enqueuer;
import dev.slipway.queue.push.FoundBy;
import dev.slipway.queue.push.PushStore;
import dev.slipway.standalone.Wait;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.flywaydb.core.Flyway;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** One drill: pushes and disturbances side by side until every job has ended. */
public final class Drill {
  private static final Duration LONGEST = Duration.ofMinutes(30);
  private static final Duration FROZEN = Crew.TIMEOUT.multipliedBy(3).plusSeconds(10);
  private static final Duration REAPER_FROZEN = Duration.ofSeconds(2);
  private static final int PUSHES_A_TICK = 4;
  private static final int TICK_MILLIS = 250;
  private static final int LOOKS_A_TICK = 5;

  private final Run run;
  private final Scale scale;
  private final Postgres postgres;
  private final JdbcClient jdbc;
  private final Crew crew;
  private final Ledger ledger;
  private final Enqueuer enqueuer;
  private final Deque<Repositories.Push> pushes;
  private final Deque<Disturbance> disturbances;
  private final List<Thawing> frozen = new ArrayList<>();
  private final Random random = new Random(7);
  private long kills;
  private long zombies;
  private long reaperSince;

  private enum Disturbance {
    KILL,
    FREEZE,
    KILL_REAPER,
    STOP_DATABASE
  }

  private record Thawing(Member worker, long sinceNanos, List<Ledger.Held> held) {}

  private Drill(
      Run run,
      Scale scale,
      Postgres postgres,
      Crew crew,
      Ledger ledger,
      Enqueuer enqueuer,
      Repositories repositories) {
    this.run = run;
    this.scale = scale;
    this.postgres = postgres;
    this.jdbc = JdbcClient.create(postgres.dataSource());
    this.crew = crew;
    this.ledger = ledger;
    this.enqueuer = enqueuer;
    this.pushes = new ArrayDeque<>(repositories.pushes());
    this.disturbances = disturbances(scale, random);
  }

  private static Deque<Disturbance> disturbances(Scale scale, Random random) {
    var all = new ArrayList<Disturbance>();
    all.addAll(Collections.nCopies(scale.kills(), Disturbance.KILL));
    all.addAll(Collections.nCopies(scale.freezes(), Disturbance.FREEZE));
    all.addAll(Collections.nCopies(scale.reaperKills(), Disturbance.KILL_REAPER));
    all.addAll(Collections.nCopies(scale.databaseStops(), Disturbance.STOP_DATABASE));
    Collections.shuffle(all, random);
    return new ArrayDeque<>(all);
  }

  /**
   * Runs a drill; nothing that it started is left.
   *
   * @throws IOException when jobs have not ended after half an hour
   */
  public static Found run(Run run, Scale scale) throws IOException, InterruptedException {
    var folder = run.folder().toRealPath();
    try (var postgres = new Postgres(folder.resolve("postgres"), run.ports().database())) {
      Flyway.configure().dataSource(postgres.dataSource()).load().migrate();
      var jdbc = JdbcClient.create(postgres.dataSource());
      var ledger = new Ledger(jdbc);
      var repositories = new Repositories(folder.resolve("repositories"), jdbc, scale.jobs());
      var meters = new SimpleMeterRegistry();
      var transaction = new TransactionTemplate(new JdbcTransactionManager(postgres.dataSource()));
      Drill drill;
      try (var notices = new Notices(new NoticeStore(jdbc), meters);
          var crew =
              new Crew(
                  folder.resolve("crew"),
                  jdbc,
                  postgres.url(),
                  run.ports().heartbeatReaper(),
                  scale.workers())) {
        var pushes = new PushStore(postgres.dataSource(), transaction);
        var enqueuer = new Enqueuer(pushes, notices, meters);
        drill = new Drill(run, scale, postgres, crew, ledger, enqueuer, repositories);
        drill.run();
      }
      return drill.found(Ledger.running(folder.resolve("crew")));
    }
  }

  private void run() throws IOException, InterruptedException {
    var begun = System.nanoTime();
    var ticks = 0;
    while (!pushes.isEmpty() || !disturbances.isEmpty() || !frozen.isEmpty() || ledger.open() > 0) {
      if (System.nanoTime() - begun > LONGEST.toNanos()) {
        run.teller().line("Jobs have not ended in time.");
        return;
      }
      push();
      if (isTimeFor(ticks++)) {
        disturb(disturbances.removeFirst());
      }
      crew.ensure();
      if (ticks % 40 == 0) {
        run.teller()
            .tell(
                "drill",
                "%d to push, %d open, %d lost so far, %d disturbances to come"
                    .formatted(pushes.size(), ledger.open(), ledger.lost(), disturbances.size()));
      }
      rest();
    }
  }

  /** A build is short: whoever takes one over is seen by looking often. */
  private void rest() throws IOException, InterruptedException {
    for (var looked = 0; looked < LOOKS_A_TICK; looked++) {
      Thread.sleep(TICK_MILLIS / LOOKS_A_TICK);
      thaw();
    }
  }

  /** Spread over the time that the jobs take, from when the first results are there. */
  private boolean isTimeFor(int tick) {
    if (disturbances.isEmpty()) {
      return false;
    }
    var ended = scale.jobs() - pushes.size() - ledger.open();
    var done = scale.disturbances() - disturbances.size();
    return ended > 0
        && (pushes.isEmpty() || tick % 3 == 0)
        && ended * scale.disturbances() >= (long) done * scale.jobs() * 3 / 4;
  }

  private void push() {
    for (var n = 0; n < PUSHES_A_TICK && !pushes.isEmpty(); n++) {
      var push = pushes.getFirst();
      try {
        enqueuer.enqueue(Candidate.found(push.app(), push.commit(), "master", FoundBy.WEBHOOK));
        pushes.removeFirst();
      } catch (DataAccessException | TransactionException away) {
        // a forge delivers again
        return;
      }
    }
  }

  private void disturb(Disturbance disturbance) throws IOException, InterruptedException {
    switch (disturbance) {
      case KILL -> {
        crew.workers().get(random.nextInt(crew.workers().size())).kill();
        kills++;
      }
      case FREEZE -> freeze();
      case KILL_REAPER -> crew.reaper().kill();
      case STOP_DATABASE -> stopDatabase();
    }
  }

  private void freeze() throws IOException, InterruptedException {
    var candidates =
        crew.workers().stream().filter(worker -> worker.isAlive() && !worker.isFrozen()).toList();
    if (candidates.isEmpty()) {
      return;
    }
    // one with a job in its hands, where there is any
    var worker =
        candidates.stream()
            .filter(candidate -> !ledger.heldBy(candidate.name()).isEmpty())
            .findAny()
            .orElse(candidates.getFirst());
    worker.freeze();
    frozen.add(new Thawing(worker, System.nanoTime(), ledger.heldBy(worker.name())));
  }

  /**
   * Lets frozen workers go on: best when another one is at their job just now, so that a result
   * that must not count comes at the worst of times.
   */
  private void thaw() throws IOException, InterruptedException {
    for (var thawing : List.copyOf(frozen)) {
      var takenOver = ledger.isTakenOver(thawing.held);
      if (takenOver || System.nanoTime() - thawing.sinceNanos > FROZEN.toNanos()) {
        if (thawing.worker.isFrozen()) {
          if (takenOver) {
            // so that nobody tells it, and it goes on to the end
            crew.reaper().freeze();
            reaperSince = System.nanoTime();
            zombies++;
          }
          thawing.worker.thaw();
        }
        frozen.remove(thawing);
      }
    }
    if (crew.reaper().isFrozen() && System.nanoTime() - reaperSince > REAPER_FROZEN.toNanos()) {
      crew.reaper().thaw();
    }
  }

  private void stopDatabase() throws IOException, InterruptedException {
    var stops = scale.databaseStops();
    var left = disturbances.stream().filter(d -> d == Disturbance.STOP_DATABASE).count();
    if ((stops - left) % 2 == 0) {
      postgres.crash();
    } else {
      postgres.stop();
    }
    // long enough for workers and reaper to notice
    Thread.sleep(Crew.TIMEOUT.toMillis() / 2);
    postgres.restart();
    Wait.until("PostgreSQL to answer", () -> answers() ? true : null);
  }

  private boolean answers() {
    try {
      return jdbc.sql("select true").query(Boolean.class).single();
    } catch (DataAccessException notYet) {
      return false;
    }
  }

  private Found found(long leftRunning) throws IOException {
    ledger.failures().forEach(run.teller()::line);
    return new Found(
        scale.jobs(),
        kills,
        zombies,
        ledger.lost(),
        ledger.acceptedTwice(),
        pushes.size() + ledger.notSucceeded(),
        ledger.mismatched(crew.bucket(), crew.publicKey()),
        leftRunning);
  }
}
