package dev.slipway.region.copy;

import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.replica.Replication;
import dev.slipway.region.cache.DigestMismatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings an artifact over the wide area without this process: the buckets' service copies it from
 * home. All of the copy is read, inside the region, before it is believed.
 */
public final class BucketCopy {
  private final BlobStore home;
  private final OwnBucket own;
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.replication.fetches} by path
   */
  public BucketCopy(BlobStore home, OwnBucket own, MeterRegistry meters) {
    this.home = home;
    this.own = own;
    this.meters = meters;
  }

  /**
   * Makes the copy, unless it is there and right.
   *
   * @param moved is increased by what came over the wide area
   * @throws DigestMismatch when what came was not the artifact; it is removed
   */
  void make(Replication wanted, AtomicLong moved) throws IOException {
    var name = OwnBucket.nameOf(wanted);
    var object = home.stat(name).orElseThrow(() -> new NoSuchFileException(name));
    if (object.size() != wanted.size() || !object.crc32c().equals(wanted.crc32c())) {
      throw new IOException(
          "the home bucket has %d bytes with CRC32C %s under %s, in place of %d with %s"
              .formatted(object.size(), object.crc32c(), name, wanted.size(), wanted.crc32c()));
    }
    meters.counter("slipway.replication.fetches", "path", "bucket-copy").increment();
    if (own.copy(wanted, home, object)) {
      moved.addAndGet(wanted.size());
      own.check(wanted);
    }
  }
}
