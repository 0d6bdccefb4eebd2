package dev.slipway.replication.verify;

import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.BlobStores;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The regions' buckets, each opened once. */
public final class OpenBuckets implements Judge.Buckets {
  private final Map<String, BlobStore> open = new ConcurrentHashMap<>();
  private final MeterRegistry meters;

  public OpenBuckets(MeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public BlobStore open(String address) throws IOException {
    var known = open.get(address);
    if (known != null) {
      return known;
    }
    var opened = BlobStores.open(URI.create(address), meters);
    open.put(address, opened);
    return opened;
  }
}
