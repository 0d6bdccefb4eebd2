package dev.slipway.reaper;

import dev.slipway.common.heartbeat.Heartbeat;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes heartbeats, fenced by the claim. The update touches no indexed column, so it is heap-only.
 */
final class HeartbeatStore {
  /** What a heartbeat found. */
  enum Hold {
    HELD,
    CANCELLED,
    LOST
  }

  private final JdbcClient jdbc;

  HeartbeatStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Hold beat(Heartbeat heartbeat) {
    return jdbc.sql(
            """
            update job set last_heartbeat = now()
            where id = :job and attempt = :attempt and worker = :worker and status = 'RUNNING'
            returning cancel_requested_at is not null as cancelled
            """)
        .param("job", heartbeat.job())
        .param("attempt", heartbeat.attempt())
        .param("worker", heartbeat.worker())
        .query((row, n) -> row.getBoolean("cancelled") ? Hold.CANCELLED : Hold.HELD)
        .optional()
        .orElse(Hold.LOST);
  }
}
