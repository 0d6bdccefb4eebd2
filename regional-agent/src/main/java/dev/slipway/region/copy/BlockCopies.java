package dev.slipway.region.copy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.blob.BlobExists;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.delta.BlockSignatures;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.region.Buckets;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies block signatures into the region. Without them everything arrives all the same, only by
 * more bytes: so whatever is wrong with them is counted, and nothing waits for it.
 */
public final class BlockCopies {
  private static final Logger log = LoggerFactory.getLogger(BlockCopies.class);

  private final Buckets buckets;
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.replication.blocks} by outcome
   */
  public BlockCopies(Buckets buckets, MeterRegistry meters) {
    this.buckets = buckets;
    this.meters = meters;
  }

  /** Copies an artifact's, unless they are here. */
  void copy(AppName app, Manifest manifest) {
    var blocks = manifest.blocks();
    if (blocks == null) {
      return;
    }
    var name = ArtifactNames.blocks(app, manifest.sha256());
    try {
      var here = buckets.own().stat(name);
      if (here.isEmpty() || here.get().size() != blocks.size()) {
        put(name, read(buckets.home(), name, blocks));
        count("copied");
      }
    } catch (IOException | RuntimeException e) {
      count("failed");
      log.warn("{} is not copied; its artifact will move whole", name, e);
    }
  }

  private void put(String name, byte[] bytes) throws IOException {
    buckets.own().delete(name);
    try {
      buckets.own().create(name, out -> out.write(bytes));
    } catch (BlobExists another) {
      // another agent of this region was faster
    }
  }

  /**
   * The signatures that a manifest vouches for.
   *
   * @throws InvalidInput when there is something else
   */
  static byte[] read(BlobStore bucket, String name, Manifest.Blocks blocks) throws IOException {
    InvalidInput.unless(
        blocks.size() <= BlockSignatures.MAX_BYTES,
        name,
        "must be at most " + BlockSignatures.MAX_BYTES + " bytes");
    try (var in = bucket.read(name, 0, blocks.size())) {
      var bytes = in.readNBytes(blocks.size());
      InvalidInput.unless(
          Sha256.of(bytes).equals(blocks.sha256()), name, "must be what the manifest names");
      return bytes;
    }
  }

  private void count(String outcome) {
    meters.counter("slipway.replication.blocks", "outcome", outcome).increment();
  }
}
