package dev.slipway.replication.verify;

import dev.slipway.common.trace.Span;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.common.trace.Traces;
import dev.slipway.replication.verify.ReplicaStore.Passage;

/** Tells how a build's copies came into the regions, once all of them are there. */
public final class ReplicationTrace {
  private static final String ALL = "replication";

  private final ReplicaStore replicas;
  private final Traces traces;

  public ReplicationTrace(ReplicaStore replicas, Traces traces) {
    this.replicas = replicas;
    this.traces = traces;
  }

  /** The span of a build's way into a region. */
  public static TraceParent replicate(TraceParent push, String region) {
    return push.child(ALL).child(replicate(region));
  }

  /** The span of the look at a build's copy in a region. */
  static TraceParent verify(TraceParent push, String region) {
    return push.child(ALL).child(verify(region));
  }

  private static String replicate(String region) {
    return "replicate/" + region;
  }

  private static String verify(String region) {
    return "verify/" + region;
  }

  /** Tells of a build that has just become replicated. */
  void tell(long job) {
    if (!traces.areOn()) {
      return;
    }
    var passages = replicas.passagesOf(job);
    if (passages.isEmpty()) {
      return;
    }
    var first = passages.getFirst();
    var push = first.push();
    if (push == null) {
      return;
    }
    var all = Span.of(push, "replication-checker", ALL, first.published(), first.replicated());
    traces.tell(push, () -> all);
    for (var passage : passages) {
      traces.tell(push, () -> replicate(all, passage));
      traces.tell(push, () -> verify(all, passage));
    }
  }

  private static Span replicate(Span all, Passage passage) {
    return Span.of(
            all.place(),
            "regional-agent",
            replicate(passage.region()),
            passage.published(),
            passage.present())
        .with("slipway.region", passage.region())
        .with("slipway.moved_bytes", passage.movedBytes());
  }

  private static Span verify(Span all, Passage passage) {
    return Span.of(
            all.place(),
            "replication-checker",
            verify(passage.region()),
            passage.present(),
            passage.verified())
        .with("slipway.region", passage.region());
  }
}
