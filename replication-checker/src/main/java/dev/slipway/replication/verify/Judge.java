package dev.slipway.replication.verify;

import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.replication.verify.Inspector.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at copies and writes down what was seen. */
public final class Judge {
  /** Opens a region's bucket by its address. */
  @FunctionalInterface
  public interface Buckets {
    BlobStore open(String address) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(Judge.class);

  private final ReplicaStore replicas;
  private final Inspector inspector;
  private final Buckets buckets;
  private final Duration interval;
  private final MeterRegistry meters;

  /** Regions of which something could not be read when it was last tried. */
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

  /**
   * @param interval after which a copy that is right is looked at again
   * @param meters get {@code slipway.replication.judged} by verdict and {@code
   *     slipway.replicas.corrupt} by region
   */
  public Judge(
      ReplicaStore replicas,
      Inspector inspector,
      Buckets buckets,
      Duration interval,
      MeterRegistry meters) {
    this.replicas = replicas;
    this.inspector = inspector;
    this.buckets = buckets;
    this.interval = interval;
    this.meters = meters;
  }

  /** How many copies a pass judged, and how many of these were wrong. */
  record Judged(int copies, int corrupt) {}

  /**
   * Judges copies. One that cannot be read waits behind the others; its region is left alone for
   * the rest of the pass, as a sick bucket takes long to say so each time.
   */
  Judged judge(List<Copy> copies) {
    var failing = new HashSet<String>();
    var judged = 0;
    var corrupt = 0;
    for (var copy : copies) {
      if (!failing.contains(copy.region())) {
        try {
          corrupt += isRight(copy) ? 0 : 1;
          judged++;
          readable(copy);
        } catch (IOException | RuntimeException e) {
          failing.add(copy.region());
          unreadable(copy, e);
        }
      }
    }
    return new Judged(judged, corrupt);
  }

  private boolean isRight(Copy copy) throws IOException {
    return switch (inspector.inspect(copy, buckets.open(copy.bucket()))) {
      case Verdict.Matches matches -> {
        replicas.verified(copy, matches.generation(), matches.whole(), interval);
        count("verified");
        yield true;
      }
      case Verdict.Differs differs -> {
        corrupt(copy, differs.problem());
        yield false;
      }
    };
  }

  private void corrupt(Copy copy, String problem) {
    replicas.corrupt(copy, problem);
    count("corrupt");
    meters.counter("slipway.replicas.corrupt", "region", copy.region()).increment();
    try (var _ = TraceParent.inLogs(copy.span())) {
      log.warn("The copy of build #{} in {} is corrupt: {}", copy.job(), copy.region(), problem);
    }
  }

  private void readable(Copy copy) {
    if (unreadable.remove(copy.region())) {
      log.info("The copies in {} can be read again", copy.region());
    }
  }

  private void unreadable(Copy copy, Exception e) {
    count("unreadable");
    if (unreadable.add(copy.region())) {
      try (var _ = TraceParent.inLogs(copy.span())) {
        log.warn(
            "The copy of build #{} in {} could not be read, trying on",
            copy.job(),
            copy.region(),
            e);
      }
    }
    replicas.postpone(copy);
  }

  private void count(String verdict) {
    meters.counter("slipway.replication.judged", "verdict", verdict).increment();
  }
}
