package dev.slipway.common.blob;

import java.util.Map;
import org.jspecify.annotations.NullMarked;

@NullMarked
record FakeGcsObject(
    String bucket,
    String name,
    FakeGcsContent content,
    long generation,
    Map<String, String> metadata) {
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
        Long.toString(content.size()),
        "crc32c",
        content.crc32c(),
        "metadata",
        metadata,
        "etag",
        "g" + generation);
  }
}
