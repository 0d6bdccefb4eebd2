package dev.slipway.common.blob;

import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** Buckets by their addresses. */
public final class BlobStores {
  private BlobStores() {}

  /**
   * Opens {@code file:///folder}, which is made where it is missing, or {@code gs://name} with the
   * environment's default credentials. As in Google's other clients, {@code STORAGE_EMULATOR_HOST}
   * names the address of a stand-in for the service.
   *
   * @throws InvalidInput when it is neither
   */
  public static BlobStore open(URI bucket) throws IOException {
    return switch (String.valueOf(bucket.getScheme())) {
      case "file" -> new FolderBlobStore(folder(bucket));
      case "gs" ->
          new GcsBlobStore(
              GcsClient.open(System.getenv("STORAGE_EMULATOR_HOST")), bucketName(bucket));
      default -> throw refused(bucket);
    };
  }

  /** The same, with {@code slipway.blob.*} metrics. */
  public static BlobStore open(URI bucket, MeterRegistry meters) throws IOException {
    return new MeteredBlobStore(open(bucket), meters);
  }

  private static Path folder(URI bucket) {
    try {
      return Path.of(bucket);
    } catch (IllegalArgumentException e) {
      throw refused(bucket);
    }
  }

  private static String bucketName(URI bucket) {
    var name = bucket.getAuthority();
    if (name == null || !name.matches("[a-z0-9][a-z0-9._-]{1,220}") || !isBare(bucket)) {
      throw refused(bucket);
    }
    return name;
  }

  private static boolean isBare(URI bucket) {
    return bucket.getQuery() == null
        && bucket.getFragment() == null
        && (bucket.getPath().isEmpty() || bucket.getPath().equals("/"));
  }

  private static InvalidInput refused(URI bucket) {
    return new InvalidInput("bucket " + bucket, "must be file:///folder or gs://name");
  }
}
