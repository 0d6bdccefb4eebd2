package dev.slipway.common.blob;

import java.io.IOException;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** From bucket to bucket. */
final class BlobCopy {
  private BlobCopy() {}

  /** Copies through this process; other bytes than described make no object. */
  static BlobInfo through(BlobStore source, BlobInfo object, BlobStore target) throws IOException {
    return target.create(
        object.name(),
        out -> {
          var crc = new CRC32C();
          try (var in = source.read(object.name(), 0, Long.MAX_VALUE)) {
            var size = new CheckedInputStream(in, crc).transferTo(out);
            if (size != object.size() || !object.crc32c().equals(Crc32c.text(crc))) {
              throw changed(object);
            }
          }
        });
  }

  static boolean isSame(BlobInfo one, BlobInfo other) {
    return one.size() == other.size() && one.crc32c().equals(other.crc32c());
  }

  static IOException changed(BlobInfo object) {
    return new IOException(object.name() + " holds other bytes than it was said to");
  }
}
