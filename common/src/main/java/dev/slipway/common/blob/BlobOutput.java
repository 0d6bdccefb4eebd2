package dev.slipway.common.blob;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link BlobStore.Content} writes to. Counts and sums the bytes; closing it only flushes,
 * as whether the object comes to be is the store's decision; and it remembers that the store failed
 * even where the content swallows the exception.
 */
final class BlobOutput extends OutputStream {
  private static final int BUFFER = 64 << 10;

  private final CRC32C crc = new CRC32C();
  private final OutputStream out;
  private long size;
  private @Nullable IOException failure;

  BlobOutput(OutputStream sink) {
    out = new BufferedOutputStream(new CheckedOutputStream(sink, crc), BUFFER);
  }

  @Override
  public void write(int b) throws IOException {
    size++;
    attempt(() -> out.write(b));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    size += length;
    attempt(() -> out.write(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    attempt(out::flush);
  }

  @Override
  public void close() throws IOException {
    flush();
  }

  /**
   * Runs the content and hands all its bytes on; throws what the store threw before anything else.
   */
  void take(BlobStore.Content content) throws IOException {
    try {
      content.writeTo(this);
      flush();
    } catch (IOException | RuntimeException e) {
      throwFailure();
      throw e;
    }
    throwFailure();
  }

  /** Bytes taken. */
  long size() {
    return size;
  }

  String crc32c() {
    return Crc32c.text(crc);
  }

  private void attempt(Write write) throws IOException {
    throwFailure();
    try {
      write.run();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private void throwFailure() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @FunctionalInterface
  private interface Write {
    void run() throws IOException;
  }
}
