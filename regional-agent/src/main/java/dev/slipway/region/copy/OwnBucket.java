package dev.slipway.region.copy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.BlobExists;
import dev.slipway.common.blob.BlobInfo;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.target.Release;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.cache.DigestMismatch;
import dev.slipway.region.cache.Digests;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

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
    return seemsToHold(wanted) && isRight(nameOf(wanted), wanted.sha256(), wanted.size());
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
   * Writes the artifact, unless it is there and right.
   *
   * @throws DigestMismatch when the source has something else; nothing is there then
   */
  void put(Replication wanted, ArtifactCache.Source source) throws IOException {
    write(nameOf(wanted), wanted.sha256(), wanted.size(), source);
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
    return write(name, release.sha256(), release.size(), source);
  }

  private boolean write(String name, Sha256 sha256, long size, ArtifactCache.Source source)
      throws IOException {
    return replace(
        name,
        () -> isRight(name, sha256, size),
        () ->
            bucket.create(
                name,
                size,
                out -> {
                  try (var in = source.open()) {
                    Digests.copy(in, out, sha256);
                  }
                }));
  }

  /**
   * Has the artifact copied from another bucket, unless it is there and right.
   *
   * @param object as {@code home} describes it
   * @return whether it was copied
   */
  boolean copy(Replication wanted, BlobStore home, BlobInfo object) throws IOException {
    var name = nameOf(wanted);
    return replace(
        name,
        () -> isRight(name, wanted.sha256(), wanted.size()),
        () -> bucket.copyFrom(home, object));
  }

  /**
   * Reads the artifact whole; what is not it is removed.
   *
   * @throws DigestMismatch when it is something else
   */
  void check(Replication wanted) throws IOException {
    var name = nameOf(wanted);
    var found = bucket.stat(name);
    try (var in = bucket.read(name, 0, wanted.size())) {
      Digests.check(in, wanted.sha256());
    } catch (DigestMismatch wrong) {
      removeIfStill(name, found);
      throw wrong;
    }
  }

  /** Writes a build's manifest, unless it is there and right. */
  void putManifest(Replication wanted, byte[] envelope) throws IOException {
    replace(
        wanted.manifest(),
        () -> holdsManifest(wanted),
        () -> bucket.create(wanted.manifest(), out -> out.write(envelope)));
  }

  private boolean isRight(String name, Sha256 sha256, long size) throws IOException {
    if (bucket.stat(name).filter(found -> found.size() == size).isEmpty()) {
      return false;
    }
    try (var in = bucket.read(name, 0, size)) {
      Digests.check(in, sha256);
      return true;
    } catch (DigestMismatch | NoSuchFileException e) {
      return false;
    }
  }

  private interface Check {
    boolean isRight() throws IOException;
  }

  private interface Writing {
    void write() throws IOException;
  }

  /**
   * Writes an object unless it is there and right. Two agents of the region may do so at once: none
   * takes away what is right, and one of them writes.
   *
   * @return whether it was written
   */
  private boolean replace(String name, Check check, Writing writing) throws IOException {
    var found = bucket.stat(name);
    if (found.isPresent()) {
      if (check.isRight()) {
        return false;
      }
      removeIfStill(name, found);
    }
    try {
      writing.write();
      return true;
    } catch (BlobExists another) {
      if (check.isRight()) {
        return false;
      }
      throw new IOException("another agent wrote " + name + ", and it is not right", another);
    }
  }

  /** But not what another agent has put there meanwhile. */
  private void removeIfStill(String name, Optional<BlobInfo> seen) throws IOException {
    if (bucket.stat(name).equals(seen)) {
      bucket.delete(name);
    }
  }

  static String nameOf(Replication wanted) {
    return ArtifactNames.artifact(wanted.app(), wanted.sha256());
  }
}
