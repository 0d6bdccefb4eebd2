package dev.slipway.common.blob;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** CRC32C as Cloud Storage writes it. */
public final class Crc32c {
  private Crc32c() {}

  /** Base64 of the big-endian value. */
  public static String text(Checksum crc) {
    var bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return Base64.getEncoder().encodeToString(bytes);
  }

  public static String of(byte[] bytes) {
    return of(bytes, bytes.length);
  }

  /** Of the first {@code length} bytes. */
  static String of(byte[] bytes, int length) {
    var crc = new CRC32C();
    crc.update(bytes, 0, length);
    return text(crc);
  }
}
