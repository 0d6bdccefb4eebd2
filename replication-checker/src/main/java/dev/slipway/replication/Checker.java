package dev.slipway.replication;

import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.replication.Inspector.Verdict;
import dev.slipway.replication.ReplicaStore.Claimed;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
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

  /** Regions of which something could not be read when it was last tried. */
  private final Set<String> unreadable = new HashSet<>();

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

  /**
   * Judges what is claimed. A copy that cannot be read waits behind the others; its region is left
   * alone for the rest of the pass, as a sick bucket takes long to say so each time.
   *
   * @return whether anything was judged
   */
  boolean runOnce() {
    var failing = new HashSet<String>();
    var judged = 0;
    for (var copy : replicas.claimed()) {
      if (!failing.contains(copy.region())) {
        if (tryToJudge(copy)) {
          judged++;
        } else {
          failing.add(copy.region());
        }
      }
    }
    if (judged > 0) {
      // not for what could not be read: the notice wakes this very checker
      notices.send(Channel.REPLICA_CHANGED);
    }
    if (replicas.markReplicated() > 0) {
      notices.send(Channel.BUILD_REPLICATED);
    }
    return judged > 0;
  }

  private boolean tryToJudge(Claimed copy) {
    try {
      judge(copy);
      if (unreadable.remove(copy.region())) {
        log.info("The copies in {} can be read again", copy.region());
      }
      return true;
    } catch (IOException | RuntimeException e) {
      count("unreadable");
      if (unreadable.add(copy.region())) {
        log.warn(
            "The copy of build #{} in {} could not be read, trying on",
            copy.job(),
            copy.region(),
            e);
      }
      replicas.postpone(copy);
      return false;
    }
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
