package dev.slipway.replication.verify;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * Looks again at copies that were verified, each within an interval, and with the next pass when
 * somebody asks: an object that was deleted, cut or replaced behind our back is found out, and its
 * region copies it anew. At most {@link ReplicaStore#MOST} copies a region and pass, however many
 * are due.
 */
public final class Rechecker {
  private final ReplicaStore replicas;
  private final Judge judge;
  private final NoticeStore notices;
  private final Duration interval;

  /**
   * @param interval between two looks at a copy
   * @param meters get {@code slipway.replicas.overdue}, in seconds
   */
  public Rechecker(
      ReplicaStore replicas,
      Judge judge,
      NoticeStore notices,
      Duration interval,
      MeterRegistry meters) {
    this.replicas = replicas;
    this.judge = judge;
    this.notices = notices;
    this.interval = interval;
    Gauge.builder("slipway.replicas.overdue", replicas, ReplicaStore::latestSeconds)
        .baseUnit("seconds")
        .register(meters);
  }

  /**
   * Looks at what is due.
   *
   * @return false: what is left waits for the next pass, which bounds what buckets are asked
   */
  public boolean runOnce() {
    if (judge.judge(replicas.due(interval)).corrupt() > 0) {
      notices.send(Channel.REPLICA_CHANGED);
    }
    return false;
  }
}
