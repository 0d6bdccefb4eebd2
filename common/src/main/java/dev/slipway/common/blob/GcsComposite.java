package dev.slipway.common.blob;

import com.google.cloud.storage.Storage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One large upload: parts that are sent in parallel as objects of their own, and composed inside
 * Cloud Storage. What fails of a part is sent again, not the whole. The client's own such upload
 * (2.78.0) cannot be given up without leaving its parts behind.
 */
final class GcsComposite extends GcsTransfer {
  private static final int STREAMS = 4;

  private final GcsParts parts;
  private final String name;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(STREAMS, Thread.ofVirtual().name("blob-part-", 1).factory());
  private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(STREAMS + 1);
  private final List<Future<String>> sent = new ArrayList<>();
  private byte[] part;
  private int filled;

  /**
   * @param partSize bytes, a multiple of 256 KiB; five times that is kept in memory
   */
  GcsComposite(Storage storage, String bucket, String name, int partSize) {
    this.parts = new GcsParts(storage, bucket);
    this.name = name;
    for (var i = 0; i < STREAMS; i++) {
      free.add(new byte[partSize]);
    }
    part = new byte[partSize];
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    var from = offset;
    while (from < offset + length) {
      var n = Math.min(offset + length - from, part.length - filled);
      System.arraycopy(bytes, from, part, filled, n);
      filled += n;
      from += n;
      if (filled == part.length) {
        send();
      }
    }
  }

  private void send() throws IOException {
    var index = sent.size();
    var bytes = part;
    var length = filled;
    sent.add(
        threads.submit(() -> {
          try {
            return parts.send(index, bytes, length);
          } finally {
            free.add(bytes);
          }
        }));
    part = next();
    filled = 0;
  }

  /** Memory for the next part, when one before is done; whatever failed until then stops it. */
  private byte[] next() throws IOException {
    try {
      var memory = free.take();
      for (var part : sent) {
        if (part.state() == Future.State.FAILED) {
          await(part);
        }
      }
      return memory;
    } catch (InterruptedException e) {
      throw stopped();
    }
  }

  @Override
  void finish(String crc32c) throws IOException {
    if (filled > 0 || sent.isEmpty()) {
      send();
    }
    var names = new ArrayList<String>();
    for (var part : sent) {
      names.add(await(part));
    }
    parts.compose(names, name, crc32c);
  }

  private static String await(Future<String> part) throws IOException {
    try {
      return part.get();
    } catch (InterruptedException e) {
      throw stopped();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failed ? failed : new IOException(e);
    }
  }

  private static InterruptedIOException stopped() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("stopped");
  }

  /** Stops what is still being sent, and removes the parts, of which there may be an object now. */
  @Override
  public void close() {
    // an interrupt must not leave parts behind
    var interrupted = Thread.interrupted();
    threads.shutdownNow();
    threads.close();
    parts.remove(STREAMS);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
