package dev.slipway.queue.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How much waits, as metrics. */
public final class QueueDepthStore {
  private static final long FRESH_NANOS = Duration.ofSeconds(3).toNanos();

  private final JdbcClient jdbc;
  private Depth depth = new Depth(0, 0);
  private long readAt;

  /** Registers {@code slipway.jobs.queued} and {@code slipway.jobs.queued.oldest} (seconds). */
  public QueueDepthStore(JdbcClient jdbc, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.readAt = System.nanoTime() - FRESH_NANOS;
    Gauge.builder("slipway.jobs.queued", this, store -> store.read().queued()).register(meters);
    Gauge.builder("slipway.jobs.queued.oldest", this, store -> store.read().oldestSeconds())
        .baseUnit("seconds")
        .register(meters);
  }

  record Depth(long queued, double oldestSeconds) {}

  /** As of at most three seconds ago: however often somebody scrapes, it costs no more. */
  synchronized Depth read() {
    if (System.nanoTime() - readAt >= FRESH_NANOS) {
      depth =
          jdbc.sql(
                  """
                  select count(*) as queued, coalesce(extract(epoch from now() - min(created_at)), 0) as oldest
                  from job where worker is null and failure is null
                  """)
              .query((row, n) -> new Depth(row.getLong("queued"), row.getDouble("oldest")))
              .single();
      readAt = System.nanoTime();
    }
    return depth;
  }
}
