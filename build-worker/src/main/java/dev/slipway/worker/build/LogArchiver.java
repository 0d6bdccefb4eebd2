package dev.slipway.worker.build;

import dev.slipway.common.blob.BlobExists;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.log.BuildLogs;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.worker.build.ArchiveStore.Over;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves logs of attempts that are over from the database to the home bucket. Such a log does not
 * change any more, so that doing it twice, or two workers at once, comes to the same.
 */
public final class LogArchiver {
  private static final Logger log = LoggerFactory.getLogger(LogArchiver.class);

  private final String worker;
  private final ArchiveStore store;
  private final BuildLogs logs;
  private final BlobStore bucket;
  private final URI address;
  private final MeterRegistry meters;

  /**
   * @param worker whose own logs go first
   * @param address the bucket's, where readers will look
   */
  public LogArchiver(
      String worker,
      ArchiveStore store,
      BuildLogs logs,
      BlobStore bucket,
      URI address,
      MeterRegistry meters) {
    this.worker = worker;
    this.store = store;
    this.logs = logs;
    this.bucket = bucket;
    this.address = address;
    this.meters = meters;
  }

  /**
   * Archives some logs; {@code slipway.log.archived} counts by outcome. Busy when there are more
   * and all of these went well.
   */
  public boolean runOnce() {
    var archived = 0;
    for (var over : store.over(worker)) {
      var outcome = "archived";
      try {
        archive(over);
        archived++;
      } catch (IOException | Problem later) {
        outcome = "failed";
        try (var _ = TraceParent.inLogs(over.span())) {
          log.warn("The log of {} stays in the database for now", over, later);
        }
      }
      meters.counter("slipway.log.archived", "outcome", outcome).increment();
    }
    return archived == ArchiveStore.AT_ONCE;
  }

  private void archive(Over over) throws IOException {
    var name = BuildLogs.objectOf(over.app(), over.job(), over.attempt());
    var bytes = logs.length(over.job(), over.attempt());
    long written;
    try {
      written = bucket.create(name, out -> copy(over, out)).size();
    } catch (BlobExists earlier) {
      written = bucket.stat(name).orElseThrow(() -> new IOException(name + " vanished")).size();
    }
    if (written != bytes) {
      throw new IOException("%s has %d bytes instead of %d".formatted(name, written, bytes));
    }
    store.archived(over, address, bytes);
  }

  private void copy(Over over, OutputStream out) throws IOException {
    var from = 0L;
    for (var bytes = logs.read(over.job(), over.attempt(), from);
        bytes.length > 0;
        bytes = logs.read(over.job(), over.attempt(), from)) {
      out.write(bytes);
      from += bytes.length;
    }
  }
}
