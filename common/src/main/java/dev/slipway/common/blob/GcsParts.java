package dev.slipway.common.blob;

import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary objects that one large object is composed of, below {@code parts/} and a name that
 * no other upload has. What a process that was killed has left there is nobody's.
 */
final class GcsParts {
  private static final Logger log = LoggerFactory.getLogger(GcsParts.class);

  /** What one request may compose. */
  private static final int COMPOSABLE = 32;

  /** Beside the tries of each request, within minutes: the third is the last. */
  private static final int TRIES = 3;

  private final Storage storage;
  private final String bucket;
  private final String prefix = "parts/" + UUID.randomUUID() + "/";
  private final Collection<String> made = new ConcurrentLinkedQueue<>();

  GcsParts(Storage storage, String bucket) {
    this.storage = storage;
    this.bucket = bucket;
  }

  /** Sends a part, again and again from its beginning where it fails, and tells its name. */
  String send(int index, byte[] bytes, int length) throws IOException {
    var name = begin(Integer.toString(index));
    var crc32c = Crc32c.of(bytes, length);
    var target =
        com.google.cloud.storage.BlobInfo.newBuilder(bucket, name).setCrc32c(crc32c).build();
    for (var attempt = 1; !isSent(target, bytes, length, attempt); attempt++) {
      log.warn("part {} of an upload is sent again", index);
    }
    return name;
  }

  private boolean isSent(
      com.google.cloud.storage.BlobInfo target, byte[] bytes, int length, int attempt)
      throws IOException {
    try (var upload = new GcsUpload(storage, target, bytes.length)) {
      upload.write(bytes, 0, length);
      upload.finish(target.getCrc32c());
      return true;
    } catch (BlobExists arrived) {
      return true;
    } catch (IOException e) {
      if (attempt == TRIES || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Makes one object of the parts, inside Cloud Storage.
   *
   * @param crc32c of the whole: an object of that name that has it is this one, its answer was lost
   */
  void compose(List<String> parts, String name, String crc32c) throws IOException {
    var sources = parts;
    for (var level = 1; sources.size() > COMPOSABLE; level++) {
      sources = grouped(sources, level);
    }
    try {
      compose(sources, name);
    } catch (BlobExists exists) {
      var there = storage.get(BlobId.of(bucket, name));
      if (there == null || !crc32c.equals(there.getCrc32c())) {
        throw exists;
      }
    }
  }

  private List<String> grouped(List<String> parts, int level) throws IOException {
    var groups = new ArrayList<String>();
    for (var from = 0; from < parts.size(); from += COMPOSABLE) {
      var name = begin(level + "-" + groups.size());
      groups.add(name);
      try {
        compose(parts.subList(from, Math.min(parts.size(), from + COMPOSABLE)), name);
      } catch (BlobExists answerLost) {
        log.debug("{} was composed, its answer lost", name);
      }
    }
    return groups;
  }

  private void compose(List<String> sources, String name) throws IOException {
    var request =
        Storage.ComposeRequest.newBuilder()
            .addSource(sources)
            .setTarget(com.google.cloud.storage.BlobInfo.newBuilder(bucket, name).build())
            .setTargetOptions(Storage.BlobTargetOption.doesNotExist())
            .build();
    try {
      storage.compose(request);
    } catch (StorageException e) {
      throw GcsErrors.creating(name, e);
    }
  }

  /** Removes the parts. The object is whole without that, so nothing fails when it fails. */
  void remove(int atOnce) {
    var factory = Thread.ofVirtual().name("blob-parts").factory();
    try (var threads = Executors.newFixedThreadPool(atOnce, factory)) {
      made.forEach(name -> threads.execute(() -> remove(name)));
    }
  }

  private void remove(String name) {
    try {
      storage.delete(BlobId.of(bucket, name));
    } catch (StorageException e) {
      log.warn("{} is left over in the bucket", name, e);
    }
  }

  private String begin(String part) {
    made.add(prefix + part);
    return prefix + part;
  }
}
