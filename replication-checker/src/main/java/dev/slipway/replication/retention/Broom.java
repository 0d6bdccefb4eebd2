package dev.slipway.replication.retention;

import dev.slipway.common.blob.BlobStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Removes objects, and counts what it removed. */
final class Broom {
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.retention.objects} and {@code .bytes}, by what they are
   */
  Broom(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Removes an object; one that is not there is no error. */
  void remove(BlobStore bucket, String name) throws IOException {
    var found = bucket.stat(name);
    if (found.isPresent()) {
      bucket.delete(name);
      var what = name.substring(0, name.indexOf('/'));
      meters.counter("slipway.retention.objects", "what", what).increment();
      meters
          .counter("slipway.retention.bytes", "what", what)
          .increment((double) found.get().size());
    }
  }

  /** Gives an object another name; says whether there was one. */
  boolean move(BlobStore bucket, String from, String to) throws IOException {
    try {
      bucket.move(from, to);
      return true;
    } catch (NoSuchFileException gone) {
      return false;
    }
  }
}
