package dev.slipway.reaper;

import dev.slipway.common.heartbeat.Heartbeat;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes heartbeats: one statement for all that a worker holds, fenced by its claims. It touches no
 * column that an index names, so each is a heap-only update.
 */
public final class HeartbeatStore {
  /** What a heartbeat found of one job. */
  public enum Hold {
    HELD,
    CANCELLED,
    LOST
  }

  private final JdbcClient jdbc;

  public HeartbeatStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Keeps the worker's holds, and says how each of its jobs stands. */
  public Map<Long, Hold> beat(Heartbeat heartbeat) {
    var found = new HashMap<Long, Hold>();
    heartbeat.holds().forEach(held -> found.put(held.job(), Hold.LOST));
    jdbc.sql(
            """
            update job set last_heartbeat = now()
            from unnest(:jobs::bigint[], :attempts::int[]) as held (job, attempt)
            where job.id = held.job and job.attempt = held.attempt and worker = :worker and status = 'RUNNING'
            returning id, cancel_requested_at is not null as cancelled
            """)
        .param("jobs", heartbeat.holds().stream().map(Heartbeat.Held::job).toArray(Long[]::new))
        .param(
            "attempts",
            heartbeat.holds().stream().map(Heartbeat.Held::attempt).toArray(Integer[]::new))
        .param("worker", heartbeat.worker())
        .query(row -> {
          found.put(row.getLong("id"), row.getBoolean("cancelled") ? Hold.CANCELLED : Hold.HELD);
        });
    return found;
  }
}
