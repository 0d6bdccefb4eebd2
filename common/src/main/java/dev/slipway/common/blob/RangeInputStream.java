package dev.slipway.common.blob;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Exactly so many bytes: never more, and fewer are an error instead of an end. Where a CRC32C is
 * expected, the last byte is only handed out once the sum is right.
 */
final class RangeInputStream extends FilterInputStream {
  private final String name;
  private final @Nullable String expected;
  private final CRC32C crc = new CRC32C();
  private long left;

  RangeInputStream(String name, InputStream in, long length, @Nullable String expected) {
    super(in);
    this.name = name;
    this.left = length;
    this.expected = expected;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    var n = in.read(bytes, offset, (int) Math.min(length, left));
    if (n < 0) {
      throw new EOFException(name + " ended " + left + " bytes early");
    }
    left -= n;
    check(bytes, offset, n);
    return n;
  }

  private void check(byte[] bytes, int offset, int n) throws IOException {
    if (expected == null) {
      return;
    }
    crc.update(bytes, offset, n);
    if (left == 0 && !expected.equals(Crc32c.text(crc))) {
      throw new IOException(name + " was damaged on its way: its CRC32C is not " + expected);
    }
  }

  @Override
  public long skip(long n) throws IOException {
    var skipped = 0L;
    var waste = new byte[8 << 10];
    while (skipped < n) {
      var read = read(waste, 0, (int) Math.min(waste.length, n - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(left, in.available());
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
