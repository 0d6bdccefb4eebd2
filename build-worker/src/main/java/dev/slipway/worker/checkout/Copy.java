package dev.slipway.worker.checkout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bare copy of a repository on this worker's disk. Checkouts borrow its objects, so it is only
 * removed while nobody uses it; one that is spoilt is used by nobody new.
 */
final class Copy {
  private static final Logger log = LoggerFactory.getLogger(Copy.class);

  private final Path folder;
  private final Clock clock;
  private int users;
  private boolean spoilt;

  /**
   * @param folder all of it; its time of change is when it was used last
   */
  Copy(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  Path folder() {
    return folder;
  }

  /** Begins a use; false where it is spoilt. */
  synchronized boolean use() {
    if (spoilt) {
      return false;
    }
    users++;
    touch();
    return true;
  }

  /** Ends a use. */
  synchronized void release() {
    users--;
    touch();
    removeIfDone();
  }

  /** From here on nobody new uses it; it is removed when nobody does any more. */
  synchronized void spoil() {
    spoilt = true;
    removeIfDone();
  }

  /** Removes it unless it is used. */
  synchronized boolean evict() {
    if (users > 0 || spoilt) {
      return false;
    }
    spoil();
    return true;
  }

  synchronized boolean isSpoilt() {
    return spoilt;
  }

  Instant lastUsed() throws IOException {
    return Files.getLastModifiedTime(folder).toInstant();
  }

  private void touch() {
    try {
      Files.setLastModifiedTime(folder, FileTime.from(clock.instant()));
    } catch (IOException olderThanItIs) {
      log.debug("The time of {} could not be set", folder, olderThanItIs);
    }
  }

  private void removeIfDone() {
    if (!spoilt || users > 0) {
      return;
    }
    try {
      Folders.delete(folder);
    } catch (IOException later) {
      log.warn("{} is left for the next start to remove", folder, later);
    }
  }
}
