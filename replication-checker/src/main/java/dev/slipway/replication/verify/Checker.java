package dev.slipway.replication.verify;

import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;

/** Reads back every copy that a region claims, and marks the builds whose copies are all right. */
public final class Checker {
  private final ReplicaStore replicas;
  private final Judge judge;
  private final NoticeStore notices;
  private final ReplicationTrace trace;

  public Checker(ReplicaStore replicas, Judge judge, NoticeStore notices, ReplicationTrace trace) {
    this.replicas = replicas;
    this.judge = judge;
    this.notices = notices;
    this.trace = trace;
  }

  /**
   * Judges what is claimed.
   *
   * @return whether anything was judged
   */
  public boolean runOnce() {
    var judged = judge.judge(replicas.claimed());
    if (judged.copies() > 0) {
      // not for what could not be read: the notice wakes this very checker
      notices.send(Channel.REPLICA_CHANGED);
    }
    var replicated = replicas.markReplicated();
    if (!replicated.isEmpty()) {
      notices.send(Channel.BUILD_REPLICATED);
      replicated.forEach(trace::tell);
    }
    return judged.copies() > 0;
  }
}
