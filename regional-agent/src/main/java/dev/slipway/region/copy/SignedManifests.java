package dev.slipway.region.copy;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.replica.Replication;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** A bucket's manifests, of which only those are believed that a trusted key has signed. */
public final class SignedManifests {
  private final BlobStore bucket;
  private final TrustedKeys keys;

  public SignedManifests(BlobStore bucket, TrustedKeys keys) {
    this.bucket = bucket;
    this.keys = keys;
  }

  /** A manifest with the envelope that it came in, as it is in the bucket. */
  public static final class Signed {
    private final byte[] envelope;
    private final Manifest manifest;

    private Signed(byte[] envelope, Manifest manifest) {
      this.envelope = envelope;
      this.manifest = manifest;
    }

    byte[] envelope() {
      return envelope;
    }

    public Manifest manifest() {
      return manifest;
    }
  }

  /**
   * Reads and checks a manifest.
   *
   * @throws NoSuchFileException when there is none
   * @throws InvalidInput when it is not to be believed
   */
  public Signed read(String name) throws IOException {
    try (var in = bucket.read(name, 0, Manifest.MAX_SIGNED_BYTES + 1L)) {
      var envelope = in.readNBytes(Manifest.MAX_SIGNED_BYTES + 1);
      return new Signed(envelope, keys.verify(envelope));
    }
  }

  /**
   * As {@link #read(String)}, and it must be of the build that is to be copied: a signature alone
   * does not say that a manifest is in its place.
   */
  Signed read(Replication wanted) throws IOException {
    var signed = read(wanted.manifest());
    var manifest = signed.manifest();
    InvalidInput.unless(
        manifest.app().equals(wanted.app())
            && manifest.job() == wanted.job()
            && manifest.sha256().equals(wanted.sha256())
            && manifest.size() == wanted.size(),
        "manifest",
        wanted.manifest() + " must be of build #" + wanted.job() + " and its artifact");
    return signed;
  }
}
