package dev.slipway.common.blob;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts and times what a bucket is asked: {@code slipway.blob.requests}, and {@code
 * slipway.blob.bytes} of what was read, created and copied.
 */
public final class MeteredBlobStore implements BlobStore {
  private final BlobStore store;
  private final MeterRegistry meters;

  public MeteredBlobStore(BlobStore store, MeterRegistry meters) {
    this.store = store;
    this.meters = meters;
  }

  @Override
  public BlobInfo create(String name, Content content) throws IOException {
    return created(() -> store.create(name, content));
  }

  @Override
  public BlobInfo create(String name, long size, Content content) throws IOException {
    return created(() -> store.create(name, size, content));
  }

  private BlobInfo created(Request<BlobInfo> request) throws IOException {
    var created = timed("create", request);
    bytes("create", created.size());
    return created;
  }

  @Override
  public Optional<BlobInfo> stat(String name) throws IOException {
    return timed("stat", () -> store.stat(name));
  }

  @Override
  public InputStream read(String name, long offset, long length) throws IOException {
    return new Counted(timed("read", () -> store.read(name, offset, length)));
  }

  @Override
  public BlobInfo move(String from, String to) throws IOException {
    return timed("move", () -> store.move(from, to));
  }

  @Override
  public BlobInfo move(String from, String to, Map<String, String> notes) throws IOException {
    return timed("move", () -> store.move(from, to, notes));
  }

  @Override
  public void delete(String name) throws IOException {
    timed(
        "delete",
        () -> {
          store.delete(name);
          return Optional.empty();
        });
  }

  @Override
  public List<BlobInfo> list(String prefix, String after, int limit) throws IOException {
    return timed("list", () -> store.list(prefix, after, limit));
  }

  /** The source is asked without its own metrics, as the buckets may deal with each other. */
  @Override
  public BlobInfo copyFrom(BlobStore source, BlobInfo object) throws IOException {
    var from = source instanceof MeteredBlobStore metered ? metered.store : source;
    var copied = timed("copy", () -> store.copyFrom(from, object));
    bytes("copy", copied.size());
    return copied;
  }

  private <T> T timed(String op, Request<T> request) throws IOException {
    var timer = Timer.start(meters);
    var outcome = "failed";
    try {
      var answer = request.run();
      outcome = "ok";
      return answer;
    } catch (BlobExists e) {
      outcome = "exists";
      throw e;
    } catch (NoSuchFileException e) {
      outcome = "missing";
      throw e;
    } finally {
      timer.stop(meters.timer("slipway.blob.requests", "op", op, "outcome", outcome));
    }
  }

  private void bytes(String op, long count) {
    meters.counter("slipway.blob.bytes", "op", op).increment((double) count);
  }

  @FunctionalInterface
  private interface Request<T> {
    T run() throws IOException;
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      var b = super.read();
      bytes("read", b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      var n = super.read(buffer, offset, length);
      bytes("read", Math.max(0, n));
      return n;
    }
  }
}
