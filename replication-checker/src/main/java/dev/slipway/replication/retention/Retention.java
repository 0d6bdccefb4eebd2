package dev.slipway.replication.retention;

import dev.slipway.replication.retention.Leftovers.Leftover;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pass over all that is no longer kept, and its rehearsal. */
final class Retention {
  /** Who it is in the audit trail. */
  static final String NAME = "retention";

  /** Who does what. */
  record Hands(
      RetiredStore store,
      Retirement retirement,
      Sweeper sweeper,
      Trash trash,
      Leftovers leftovers) {}

  /**
   * What a pass did, or would do.
   *
   * @param retire builds that cannot be deployed from now on
   * @param delete builds retired earlier, whose objects go from every bucket
   * @param logs of builds that are not kept and ended long ago
   * @param uploads of attempts that are over
   * @param bytes of all objects to delete, each counted once for all buckets; what is retired now
   *     is not among them yet
   */
  record Report(
      List<Retired> retire,
      List<Retired> delete,
      List<Leftover> logs,
      List<Leftover> uploads,
      long bytes) {
    static Report of(
        List<Retired> retire, List<Retired> delete, List<Leftover> logs, List<Leftover> uploads) {
      var contents =
          delete.stream()
              .filter(build -> !build.shared())
              .collect(Collectors.toMap(Retired::contents, Retired::bytes, (one, same) -> one))
              .values()
              .stream()
              .mapToLong(Long::longValue);
      return new Report(
          retire,
          delete,
          logs,
          uploads,
          contents.sum()
              + logs.stream().mapToLong(Leftover::bytes).sum()
              + uploads.stream().mapToLong(Leftover::bytes).sum());
    }
  }

  private final Hands hands;
  private final @Nullable String home;
  private final Buckets buckets;
  private final Duration grace;
  private final MeterRegistry meters;
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());

  /**
   * @param home none where it is not known; then uploads are left out of a rehearsal
   * @param meters get {@code slipway.retention.age}, the seconds since the last whole pass
   */
  Retention(
      Hands hands, @Nullable String home, Buckets buckets, Duration grace, MeterRegistry meters) {
    this.hands = hands;
    this.home = home;
    this.buckets = buckets;
    this.grace = grace;
    this.meters = meters;
  }

  /** Retires, and deletes what is due. */
  boolean runOnce() throws IOException {
    run();
    return false;
  }

  Report run() throws IOException {
    if (home == null) {
      throw new IllegalStateException("the home bucket is not known");
    }
    var retired = hands.retirement().retire();
    meters.counter("slipway.retention.retired").increment(retired.size());
    var swept = hands.sweeper().sweep();
    hands.trash().empty(buckets.open(home));
    var report =
        Report.of(
            retired, swept, hands.leftovers().removeLogs(), hands.leftovers().removeUploads(home));
    lastNanos.set(System.nanoTime());
    return report;
  }

  /** Tells what a pass would do now; changes nothing. */
  Report rehearse() throws IOException {
    return Report.of(
        hands.retirement().rehearse(),
        hands.store().due(grace),
        hands.leftovers().logs(),
        home == null ? List.of() : hands.leftovers().uploads(home));
  }

  /** Begins to tell how long ago the last whole pass was. */
  Retention measured() {
    TimeGauge.builder(
            "slipway.retention.age",
            lastNanos,
            TimeUnit.NANOSECONDS,
            last -> (double) (System.nanoTime() - last.get()))
        .register(meters);
    return this;
  }
}
