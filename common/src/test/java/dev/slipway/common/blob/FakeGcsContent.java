package dev.slipway.common.blob;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.NullMarked;

/** Bytes that were sent: kept, or only counted and summed, so that they may be any number. */
@NullMarked
final class FakeGcsContent {
  /** Castagnoli's polynomial, its bits reversed. */
  private static final int POLYNOMIAL = 0x82F63B78;

  private final boolean kept;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int crc;
  private long size;

  FakeGcsContent(boolean kept) {
    this.kept = kept;
  }

  static FakeGcsContent concat(boolean kept, List<FakeGcsContent> parts) {
    var whole = new FakeGcsContent(kept);
    parts.forEach(whole::append);
    return whole;
  }

  void append(byte[] more, int offset, int length) {
    var crc32c = new CRC32C();
    crc32c.update(more, offset, length);
    if (kept) {
      bytes.write(more, offset, length);
    }
    add((int) crc32c.getValue(), length);
  }

  private void append(FakeGcsContent part) {
    bytes.writeBytes(part.bytes());
    add(part.crc, part.size);
  }

  private void add(int nextCrc, long length) {
    crc = shifted(crc, length) ^ nextCrc;
    size += length;
  }

  long size() {
    return size;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  String crc32c() {
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(Integer.BYTES).putInt(crc).array());
  }

  /** What a CRC counts for in front of so many bytes more: it is times x^(8 * length). */
  private static int shifted(int crc, long length) {
    var shifted = crc;
    // x^8 in reversed bits, squared for each bit of the length
    for (long rest = length, power = 1L << 23; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        shifted = times(shifted, (int) power);
      }
      power = times((int) power, (int) power);
    }
    return shifted;
  }

  private static int times(int a, int b) {
    var product = 0;
    var factor = b;
    for (var bit = 1 << 31; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= factor;
      }
      factor = (factor & 1) == 0 ? factor >>> 1 : (factor >>> 1) ^ POLYNOMIAL;
    }
    return product;
  }
}
