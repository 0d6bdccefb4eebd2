package dev.slipway.replication.retention;

import dev.slipway.common.blob.BlobStore;
import java.io.IOException;

/** Opens a bucket by its address. */
@FunctionalInterface
public interface Buckets {
  BlobStore open(String address) throws IOException;
}
