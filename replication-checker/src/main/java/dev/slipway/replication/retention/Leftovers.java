package dev.slipway.replication.retention;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.blob.BlobStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Old logs of builds that are not kept, and uploads of attempts that ended without them. */
final class Leftovers {
  /** A worker that is still at it has long lost its job. */
  private static final Duration UPLOADS = Duration.ofDays(2);

  private static final Pattern UPLOAD =
      Pattern.compile("uploads/[^/]+/(\\d{1,18})-(\\d{1,9})(/.*)?");
  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  /** An object that is left over. */
  public record Leftover(String name, long bytes) {}

  private final LeftoverStore store;
  private final Duration logs;
  private final Buckets buckets;
  private final Broom broom;
  private final AuditStore audit;
  private final MeterRegistry meters;

  /**
   * @param logs how long the log of a build that is not kept stays after its end
   */
  Leftovers(
      LeftoverStore store,
      Duration logs,
      Buckets buckets,
      Broom broom,
      AuditStore audit,
      MeterRegistry meters) {
    this.store = store;
    this.logs = logs;
    this.buckets = buckets;
    this.broom = broom;
    this.audit = audit;
    this.meters = meters;
  }

  /** Logs that would go. */
  List<Leftover> logs() {
    return store.logs(logs).stream()
        .map(found -> new Leftover(found.object(), found.bytes()))
        .toList();
  }

  /** Removes them; the row after its object. */
  List<Leftover> removeLogs() {
    var gone = new ArrayList<Leftover>();
    for (var found : store.logs(logs)) {
      try {
        broom.remove(buckets.open(found.bucket()), found.object());
        store.forget(found);
        gone.add(new Leftover(found.object(), found.bytes()));
      } catch (IOException | RuntimeException e) {
        failed(found.bucket(), e);
        break;
      }
    }
    tell("logs", gone);
    return gone;
  }

  /** Uploads that would go. */
  List<Leftover> uploads(String home) throws IOException {
    var bucket = buckets.open(home);
    var found = new ArrayList<Leftover>();
    var after = "";
    for (var page = bucket.list("uploads/", after, BlobStore.MAX_LISTED);
        !page.isEmpty();
        page = bucket.list("uploads/", after, BlobStore.MAX_LISTED)) {
      for (var object : page) {
        if (isOver(object.name())) {
          found.add(new Leftover(object.name(), object.size()));
        }
      }
      after = page.getLast().name();
    }
    return found;
  }

  /** Removes them. */
  List<Leftover> removeUploads(String home) {
    var gone = new ArrayList<Leftover>();
    try {
      for (var upload : uploads(home)) {
        broom.remove(buckets.open(home), upload.name());
        gone.add(upload);
      }
    } catch (IOException | RuntimeException e) {
      failed(home, e);
    }
    tell("uploads", gone);
    return gone;
  }

  private boolean isOver(String name) {
    var parts = UPLOAD.matcher(name);
    return parts.matches()
        && store.isOver(Long.parseLong(parts.group(1)), Integer.parseInt(parts.group(2)), UPLOADS);
  }

  private void failed(String bucket, Exception e) {
    meters.counter("slipway.retention.failures").increment();
    log.warn("What is left over in {} cannot be removed and is tried again", bucket, e);
  }

  private void tell(String what, List<Leftover> gone) {
    if (!gone.isEmpty()) {
      audit.record(
          Retention.NAME,
          what + "-delete",
          gone.size() + " " + what,
          "DELETED",
          String.join(", ", gone.stream().map(Leftover::name).toList()));
    }
  }
}
