package dev.slipway.replication.verify;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.BlobInfo;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.replica.ReplicaStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Looks at a copy in its bucket with its own eyes: what the region says of it counts for nothing.
 */
public final class Inspector {
  private final int fullReads;

  /**
   * @param fullReads share of copies, in percent, that are read whole when they are new
   */
  public Inspector(int fullReads) {
    this.fullReads = fullReads;
  }

  /** What was seen. */
  sealed interface Verdict {
    /**
     * The copy is what it must be.
     *
     * @param whole whether all of it was read
     */
    record Matches(long generation, boolean whole) implements Verdict {}

    /** It is not, and why. */
    record Differs(String problem) implements Verdict {}
  }

  /**
   * Judges a copy.
   *
   * @throws IOException when the bucket cannot be read now, which says nothing about the copy
   */
  Verdict inspect(Copy copy, BlobStore bucket) throws IOException {
    if (bucket.stat(copy.manifest()).isEmpty()) {
      return new Verdict.Differs("the manifest is missing");
    }
    var found = bucket.stat(copy.name());
    if (found.isEmpty()) {
      return new Verdict.Differs("the object is missing");
    }
    var object = found.get();
    if (object.size() != copy.size()) {
      return new Verdict.Differs("%d bytes in place of %d".formatted(object.size(), copy.size()));
    }
    if (!object.crc32c().equals(copy.crc32c())) {
      return new Verdict.Differs(
          "CRC32C %s in place of %s".formatted(object.crc32c(), copy.crc32c()));
    }
    return mustRead(copy, object)
        ? readWhole(copy, object, bucket)
        : new Verdict.Matches(object.generation(), false);
  }

  /** Who asks gets it; else new copies by sample, and those that somebody has replaced. */
  private boolean mustRead(Copy copy, BlobInfo object) {
    return copy.readWhole()
        || (copy.status() == ReplicaStatus.PRESENT
            ? isSampled(copy)
            : !Objects.equals(copy.generation(), object.generation()));
  }

  private boolean isSampled(Copy copy) {
    return Math.floorMod(31 * copy.job() + copy.region().hashCode(), 100) < fullReads;
  }

  private static Verdict readWhole(Copy copy, BlobInfo object, BlobStore bucket)
      throws IOException {
    try (var in =
        new DigestInputStream(
            bucket.read(copy.name(), 0, copy.size()), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      var digest = new Sha256(HexFormat.of().formatHex(in.getMessageDigest().digest()));
      return digest.equals(copy.sha256())
          ? new Verdict.Matches(object.generation(), true)
          : new Verdict.Differs("SHA-256 %s in place of %s".formatted(digest, copy.sha256()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
