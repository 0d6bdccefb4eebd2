package dev.slipway.region.copy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.blob.BlobExists;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.target.Release;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.cache.DigestMismatch;
import dev.slipway.region.cache.Digests;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** The region's bucket, where objects have the names that they have at home. */
public final class OwnBucket {
  private final BlobStore bucket;
  private final SignedManifests manifests;

  public OwnBucket(BlobStore bucket, SignedManifests manifests) {
    this.bucket = bucket;
    this.manifests = manifests;
  }

  /** Whether the artifact is there, as the bucket itself describes it. */
  boolean seemsToHold(Replication wanted) throws IOException {
    return bucket
        .stat(nameOf(wanted))
        .filter(found -> found.size() == wanted.size() && found.crc32c().equals(wanted.crc32c()))
        .isPresent();
  }

  /** Whether the artifact is there, by reading all of it. */
  boolean holds(Replication wanted) throws IOException {
    if (!seemsToHold(wanted)) {
      return false;
    }
    try (var in = bucket.read(nameOf(wanted), 0, wanted.size())) {
      Digests.check(in, wanted.sha256());
      return true;
    } catch (DigestMismatch | NoSuchFileException e) {
      return false;
    }
  }

  /** Whether the manifest is there and right. */
  boolean holdsManifest(Replication wanted) throws IOException {
    try {
      manifests.read(wanted);
      return true;
    } catch (InvalidInput | NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Writes the artifact anew.
   *
   * @throws DigestMismatch when the source has something else; nothing is there then
   */
  void put(Replication wanted, ArtifactCache.Source source) throws IOException {
    replace(
        nameOf(wanted),
        out -> {
          try (var in = source.open()) {
            Digests.copy(in, out, wanted.sha256());
          }
        });
    if (!seemsToHold(wanted)) {
      throw new IOException(nameOf(wanted) + " was written but is not there as it should be");
    }
  }

  /**
   * Reads an artifact whole and writes it anew when it is not right.
   *
   * @return whether it was written
   * @throws DigestMismatch when the source has something else, too; nothing is there then
   */
  boolean repair(AppName app, Release release, ArtifactCache.Source source) throws IOException {
    var name = ArtifactNames.artifact(app, release.sha256());
    if (isRight(name, release)) {
      return false;
    }
    replace(
        name,
        out -> {
          try (var in = source.open()) {
            Digests.copy(in, out, release.sha256());
          }
        });
    return true;
  }

  private boolean isRight(String name, Release release) throws IOException {
    if (bucket.stat(name).filter(found -> found.size() == release.size()).isEmpty()) {
      return false;
    }
    try (var in = bucket.read(name, 0, release.size())) {
      Digests.check(in, release.sha256());
      return true;
    } catch (DigestMismatch | NoSuchFileException e) {
      return false;
    }
  }

  void putManifest(Replication wanted, byte[] envelope) throws IOException {
    replace(wanted.manifest(), out -> out.write(envelope));
  }

  private void replace(String name, BlobStore.Content content) throws IOException {
    bucket.delete(name);
    try {
      bucket.create(name, content);
    } catch (BlobExists another) {
      // another agent of this region was faster: who reads it back will judge it
    }
  }

  private static String nameOf(Replication wanted) {
    return ArtifactNames.artifact(wanted.app(), wanted.sha256());
  }
}
