package dev.slipway.reaper;

import dev.slipway.common.heartbeat.Heartbeat;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keeps who the workers are, for people and for autoscaling; nothing is decided by it. */
final class WorkerStore {
  private final JdbcClient jdbc;

  WorkerStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A worker was heard of. */
  void seen(Heartbeat heartbeat) {
    jdbc.sql(
            """
            insert into worker (name, slots, busy, labels, draining)
            values (:name, :slots, :busy, :labels, :draining)
            on conflict (name) do update set
              slots = excluded.slots, busy = excluded.busy, labels = excluded.labels,
              draining = excluded.draining, seen_at = now()
            """)
        .param("name", heartbeat.worker())
        .param("slots", heartbeat.slots())
        .param("busy", Math.min(heartbeat.holds().size(), heartbeat.slots()))
        .param("labels", heartbeat.labels().toArray(String[]::new))
        .param("draining", heartbeat.draining())
        .update();
  }

  /** Forgets workers that were not heard of for a day; never has more to do at once. */
  boolean forgetOld() {
    jdbc.sql("delete from worker where seen_at < now() - interval '1 day'").update();
    return false;
  }
}
