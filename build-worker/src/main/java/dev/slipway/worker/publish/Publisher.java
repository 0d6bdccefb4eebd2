package dev.slipway.worker.publish;

import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.artifact.Signer;
import dev.slipway.common.blob.BlobExists;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.delta.BlockSignatures;
import dev.slipway.common.provenance.Provenance;
import dev.slipway.common.recipe.Recipe;
import dev.slipway.worker.job.BuildFailed;
import dev.slipway.worker.job.ClaimedJob;
import dev.slipway.worker.job.Published;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts what a build made into the home bucket: the artifact and its block signatures under the
 * artifact's digest, then the signed manifest and the provenance of both under its attempt. Until
 * the job's row names them, nobody reads any of it.
 */
public final class Publisher {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final BlobStore bucket;
  private final Signer key;
  private final Provenances provenances;
  private final Clock clock;

  /**
   * @param key signs manifests
   */
  public Publisher(BlobStore bucket, Signer key, Provenances provenances, Clock clock) {
    this.bucket = bucket;
    this.key = key;
    this.provenances = provenances;
    this.clock = clock;
  }

  /** One whose manifests and provenances the same key signs, of the usual builder. */
  public Publisher(BlobStore bucket, Signer key, Clock clock) {
    this(bucket, key, new Provenances(bucket, key, URI.create(Provenance.BUILDER), clock), clock);
  }

  /**
   * Publishes the artifact that the recipe names.
   *
   * @param started when its build began
   * @throws BuildFailed when the build did not make what the recipe says
   * @throws IOException when the bucket does not take it
   */
  public Published publish(ClaimedJob job, Recipe recipe, Path checkout, Instant started)
      throws BuildFailed, IOException {
    var artifact = new ArtifactFinder(checkout, recipe.build().artifact()).find();
    var packed = Packer.pack(artifact, String.valueOf(artifact.getFileName()));
    var digests = upload(job, packed);
    var blocks = blocks(job, digests);
    var manifest = manifest(job, recipe, packed, digests, blocks);
    var main = Provenance.Resource.of(packed.name(), digests.sha256());
    var output = new Provenances.Output(List.of(main, manifest), byproducts(job, digests, blocks));
    provenances.write(job, recipe.build(), output, started);
    return new Published(
        ArtifactNames.artifact(job.app(), digests.sha256()),
        packed.size(),
        digests.sha256(),
        digests.crc32c(),
        manifest.name());
  }

  private OnePass.Digests upload(ClaimedJob job, Packed packed) throws IOException {
    var claim = job.claim();
    var upload = ArtifactNames.upload(job.app(), claim.job(), claim.attempt());
    var digests = new AtomicReference<OnePass.Digests>();
    // an upload of that name is what an earlier try of this attempt left
    bucket.delete(upload);
    try {
      var blob =
          bucket.create(
              upload, packed.size(), out -> digests.set(new OnePass(packed).writeTo(out)));
      var computed = digests.get();
      if (!blob.crc32c().equals(computed.crc32c())) {
        throw new IOException("the bucket holds other bytes than were sent to it as " + upload);
      }
      bucket.move(
          upload,
          ArtifactNames.artifact(job.app(), computed.sha256()),
          Map.of("sha256", computed.sha256().value()));
      return computed;
    } catch (IOException | RuntimeException failed) {
      remove(upload);
      throw failed;
    }
  }

  private void remove(String upload) {
    try {
      bucket.delete(upload);
    } catch (IOException stays) {
      log.warn("{} is left over in the bucket", upload, stays);
    }
  }

  /**
   * Stores what machines need to fill the artifact from the one before; small ones need nothing.
   */
  private Manifest.@Nullable Blocks blocks(ClaimedJob job, OnePass.Digests digests)
      throws IOException {
    var signatures = digests.blocks();
    if (signatures.size() < BlockSignatures.WORTHWHILE) {
      return null;
    }
    var name = ArtifactNames.blocks(job.app(), digests.sha256());
    try {
      bucket.create(name, out -> out.write(signatures.bytes()));
    } catch (BlobExists written) {
      log.info("{} was written when the same artifact was published before", name);
    }
    return new Manifest.Blocks(Sha256.of(signatures.bytes()), signatures.bytes().length);
  }

  private static List<Provenance.Resource> byproducts(
      ClaimedJob job, OnePass.Digests digests, Manifest.@Nullable Blocks blocks) {
    if (blocks == null) {
      return List.of();
    }
    var name = ArtifactNames.blocks(job.app(), digests.sha256());
    return List.of(Provenance.Resource.of(name, blocks.sha256()));
  }

  private Provenance.Resource manifest(
      ClaimedJob job,
      Recipe recipe,
      Packed packed,
      OnePass.Digests digests,
      Manifest.@Nullable Blocks blocks)
      throws IOException {
    var claim = job.claim();
    var manifest =
        new Manifest(
            job.app(),
            claim.job(),
            claim.attempt(),
            job.commit(),
            packed.size(),
            digests.sha256(),
            digests.crc32c(),
            packed.form(),
            packed.name(),
            Base64.getEncoder().encodeToString(digests.torrent().info()),
            blocks,
            recipe.run(),
            claim.worker(),
            clock.instant());
    var bytes = JsonMapper.shared().writeValueAsBytes(key.sign(Manifest.TYPE, manifest));
    var name = ArtifactNames.manifest(job.app(), claim.job(), claim.attempt());
    try {
      bucket.create(name, out -> out.write(bytes));
    } catch (BlobExists written) {
      log.info("{} was written by an earlier try of the same attempt", name);
    }
    return Provenance.Resource.of(name, Sha256.of(bytes));
  }
}
