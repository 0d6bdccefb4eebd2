package dev.slipway.bench.queue;

import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.common.heartbeat.Heartbeat;
import dev.slipway.common.job.Pool;
import dev.slipway.reaper.HeartbeatStore;
import dev.slipway.worker.job.Mark;
import dev.slipway.worker.job.SlotStore;
import java.io.IOException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The share of heartbeats that are heap-only updates: they leave nothing in any index. */
final class HotShare {
  private static final String WORKER = "hot";
  private static final int JOBS = 100;
  private static final int BEATS = 200;
  private static final double TARGET = 0.95;

  private final Run run;
  private final Contest contest;
  private final Samples share = new Samples();

  private record Updates(long all, long hot) {}

  HotShare(Run run, Contest contest) {
    this.run = run;
    this.contest = contest;
  }

  /** Jobs that run on and on, among others that wait. */
  void measure() throws Exception {
    var place = contest.place(Condition.PLAIN);
    var slipway = contest.slipway();
    slipway.load(2 * JOBS);
    place.quiet(slipway.tables());
    var connection = new SingleConnectionDataSource(place.connect(), true);
    try {
      var jdbc = JdbcClient.create(connection);
      var heartbeat = heartbeat(new SlotStore(connection));
      var store = new HeartbeatStore(jdbc);
      var before = updates(jdbc);
      for (var beat = 0; beat < BEATS; beat++) {
        if (store.beat(heartbeat).values().stream()
            .anyMatch(hold -> hold != HeartbeatStore.Hold.HELD)) {
          throw new IOException("a job that runs was not found by its heartbeat");
        }
      }
      var after = updates(jdbc);
      share.add((after.hot() - before.hot()) / (double) (after.all() - before.all()));
      run.teller()
          .tell(
              "heartbeats",
              "%d, heap-only %d".formatted(after.all() - before.all(), after.hot() - before.hot()));
    } finally {
      connection.destroy();
      slipway.clear();
    }
  }

  private static Heartbeat heartbeat(SlotStore slots) {
    var holds =
        slots.exchange(WORKER, Pool.ANY, Mark.START, List.of(), JOBS).claimed().stream()
            .map(claimed -> claimed.job().claim())
            .map(claim -> new Heartbeat.Held(claim.job(), claim.attempt()))
            .toList();
    return new Heartbeat(WORKER, JOBS, List.of(), false, holds);
  }

  private static Updates updates(JdbcClient jdbc) {
    // what this connection did is counted at once
    jdbc.sql("select pg_stat_force_next_flush()").query((row, n) -> true).single();
    return jdbc.sql(
            """
            select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables
            where schemaname = 'public' and relname = 'job'
            """)
        .query((row, n) -> new Updates(row.getLong("n_tup_upd"), row.getLong("n_tup_hot_upd")))
        .single();
  }

  void report() {
    run.results().figureAbove("queue.hot_share", share, "", TARGET);
  }
}
