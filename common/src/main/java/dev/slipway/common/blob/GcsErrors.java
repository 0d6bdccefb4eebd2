package dev.slipway.common.blob;

import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Turns what the storage client throws into what a {@link BlobStore} throws. */
final class GcsErrors {
  static final int NOT_FOUND = 404;
  static final int PRECONDITION_FAILED = 412;

  private GcsErrors() {}

  /** The status that Cloud Storage answered with; 0 where it did not answer. */
  static int status(Throwable failure) {
    for (@Nullable Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof StorageException answered) {
        return answered.getCode();
      }
    }
    return 0;
  }

  /** For reads. */
  static IOException reading(String name, Exception failure) {
    if (status(failure) == NOT_FOUND) {
      var missing = new NoSuchFileException(name);
      missing.initCause(failure);
      return missing;
    }
    return new IOException(name + ": " + failure.getMessage(), failure);
  }

  /** For writes under the condition that nothing has the name. */
  static IOException creating(String name, Exception failure) {
    return status(failure) == PRECONDITION_FAILED ? new BlobExists(name) : reading(name, failure);
  }
}
