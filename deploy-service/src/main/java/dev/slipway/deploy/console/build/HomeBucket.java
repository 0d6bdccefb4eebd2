package dev.slipway.deploy.console.build;

import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.blob.BlobStores;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reads small objects from the bucket that a build was published to. */
final class HomeBucket {
  private final BuildPartStore builds;
  private final MeterRegistry meters;
  private final Map<URI, BlobStore> buckets = new ConcurrentHashMap<>();

  HomeBucket(BuildPartStore builds, MeterRegistry meters) {
    this.builds = builds;
    this.meters = meters;
  }

  /** Whether it is known where the build was published to. */
  boolean isKnown(long build) {
    return builds.homeBucket(build).isPresent();
  }

  /**
   * An object, as much of it as {@code most} bytes; none where it is not there.
   *
   * @throws IOException when the bucket cannot be read
   */
  Optional<byte[]> read(long build, String object, int most) throws IOException {
    var bucket = builds.homeBucket(build);
    if (bucket.isEmpty()) {
      return Optional.empty();
    }
    try (var in = open(bucket.get()).read(object, 0, most)) {
      return Optional.of(in.readAllBytes());
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private BlobStore open(URI bucket) throws IOException {
    var known = buckets.get(bucket);
    if (known != null) {
      return known;
    }
    var opened = BlobStores.open(bucket, meters);
    var other = buckets.putIfAbsent(bucket, opened);
    return other == null ? opened : other;
  }
}
