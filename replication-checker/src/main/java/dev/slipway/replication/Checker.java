package dev.slipway.replication;

import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.replication.Inspector.Verdict;
import dev.slipway.replication.ReplicaStore.Claimed;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads back every copy that a region claims, and marks the builds whose copies are all right. */
final class Checker {
  /** Opens a region's bucket by its address. */
  @FunctionalInterface
  interface Buckets {
    BlobStore open(String address) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(Checker.class);

  private final ReplicaStore replicas;
  private final Inspector inspector;
  private final Buckets buckets;
  private final NoticeStore notices;
  private final MeterRegistry meters;

  Checker(
      ReplicaStore replicas,
      Inspector inspector,
      Buckets buckets,
      NoticeStore notices,
      MeterRegistry meters) {
    this.replicas = replicas;
    this.inspector = inspector;
    this.buckets = buckets;
    this.notices = notices;
    this.meters = meters;
  }

  /** Judges what is claimed. A bucket that cannot be read leaves its copies for the next pass. */
  boolean runOnce() {
    var claimed = replicas.claimed();
    for (var copy : claimed) {
      try {
        judge(copy);
      } catch (IOException | RuntimeException unreadable) {
        count("unreadable");
        log.warn(
            "The copy of build #{} in {} could not be read", copy.job(), copy.region(), unreadable);
      }
    }
    if (!claimed.isEmpty()) {
      notices.send(Channel.REPLICA_CHANGED);
    }
    if (replicas.markReplicated() > 0) {
      notices.send(Channel.BUILD_REPLICATED);
    }
    return false;
  }

  private void judge(Claimed copy) throws IOException {
    switch (inspector.inspect(copy, buckets.open(copy.bucket()))) {
      case Verdict.Matches matches -> {
        replicas.verified(copy, matches.generation());
        count("verified");
      }
      case Verdict.Differs differs -> {
        replicas.corrupt(copy, differs.problem());
        count("corrupt");
        log.warn(
            "The copy of build #{} in {} is corrupt: {}",
            copy.job(),
            copy.region(),
            differs.problem());
      }
    }
  }

  private void count(String verdict) {
    meters.counter("slipway.replication.judged", "verdict", verdict).increment();
  }
}
