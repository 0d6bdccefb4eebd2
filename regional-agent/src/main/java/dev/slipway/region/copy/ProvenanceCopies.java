package dev.slipway.region.copy;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.TrustedKeys;
import dev.slipway.common.blob.BlobExists;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.replica.Replication;
import dev.slipway.region.Buckets;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Copies provenances into the region, of which only those pass that a trusted key has signed for
 * the artifact. A build of before there were any has none, and is copied without.
 */
public final class ProvenanceCopies {
  private final Buckets buckets;
  private final TrustedKeys keys;
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.replication.provenances} by outcome: copied or missing
   */
  public ProvenanceCopies(Buckets buckets, TrustedKeys keys, MeterRegistry meters) {
    this.buckets = buckets;
    this.keys = keys;
    this.meters = meters;
  }

  /**
   * Copies a build's, unless it is here and right.
   *
   * @throws InvalidInput when home has one that is not to be believed
   */
  void copy(Replication wanted) throws IOException {
    var name = ArtifactNames.provenanceOf(wanted.manifest());
    if (isRight(name, wanted)) {
      return;
    }
    var found = read(buckets.home(), name);
    if (found.isEmpty()) {
      count("missing");
      return;
    }
    check(found.get(), wanted);
    buckets.own().delete(name);
    try {
      buckets.own().create(name, out -> out.write(found.get()));
    } catch (BlobExists another) {
      // another agent of this region was faster
    }
    count("copied");
  }

  private boolean isRight(String name, Replication wanted) throws IOException {
    try {
      var found = read(buckets.own(), name);
      found.ifPresent(envelope -> check(envelope, wanted));
      return found.isPresent();
    } catch (InvalidInput wrong) {
      return false;
    }
  }

  private void check(byte[] envelope, Replication wanted) {
    var provenance =
        keys.verify(
            "provenance", envelope, Provenance.MAX_SIGNED_BYTES, Provenance.TYPE, Provenance.class);
    InvalidInput.unless(
        provenance.isOf(wanted.sha256()), "provenance", "must be of build #" + wanted.job());
  }

  private static Optional<byte[]> read(BlobStore bucket, String name) throws IOException {
    try (var in = bucket.read(name, 0, Provenance.MAX_SIGNED_BYTES + 1L)) {
      return Optional.of(in.readNBytes(Provenance.MAX_SIGNED_BYTES + 1));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  private void count(String outcome) {
    meters.counter("slipway.replication.provenances", "outcome", outcome).increment();
  }
}
