package dev.slipway.common.blob;

import java.util.Map;
import org.jspecify.annotations.NullMarked;

@NullMarked
@SuppressWarnings("ArrayRecordComponent") // never compared
record FakeGcsObject(String bucket, String name, byte[] bytes, long generation) {
  String crc32c() {
    return Crc32c.of(bytes);
  }

  /** The resource of the JSON API; 64-bit numbers are strings there. */
  Map<String, Object> resource() {
    return Map.of(
        "kind",
        "storage#object",
        "id",
        bucket + "/" + name + "/" + generation,
        "bucket",
        bucket,
        "name",
        name,
        "generation",
        Long.toString(generation),
        "metageneration",
        "1",
        "size",
        Integer.toString(bytes.length),
        "crc32c",
        crc32c(),
        "etag",
        "g" + generation);
  }
}
