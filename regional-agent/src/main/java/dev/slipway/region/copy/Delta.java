package dev.slipway.region.copy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.blob.BlobStore;
import dev.slipway.common.delta.BlockSignatures;
import dev.slipway.common.delta.Patch;
import dev.slipway.common.delta.RangeFetch;
import dev.slipway.common.delta.Ranges;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.target.Target;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.target.TargetCache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills an artifact's file from the one that the region's machines run, which is in the cache, and
 * fetches small gaps from the home bucket; the swarm checks all of it, piece by piece, and brings
 * what lacks.
 */
public final class Delta {
  private static final Logger log = LoggerFactory.getLogger(Delta.class);
  private static final int AT_A_TIME = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ArtifactCache cache;
  private final TargetCache targets;
  private final BlobStore own;
  private final Origin origin;
  private final Counter reused;

  /**
   * @param own the region's bucket, which has the block signatures
   * @param meters get {@code slipway.replication.reused}, in bytes
   */
  public Delta(
      ArtifactCache cache,
      TargetCache targets,
      BlobStore own,
      Origin origin,
      MeterRegistry meters) {
    this.cache = cache;
    this.targets = targets;
    this.own = own;
    this.origin = origin;
    this.reused = meters.counter("slipway.replication.reused");
  }

  /**
   * Fills what can be filled; without a release before, or when anything is wrong, nothing.
   *
   * @param piece bytes of the swarm's pieces
   * @param moved is increased by the bytes that came from the home bucket
   */
  void fill(Manifest manifest, int piece, Path file, AtomicLong moved) throws InterruptedException {
    var blocks = manifest.blocks();
    var old = before(manifest.app());
    if (blocks == null || old.isEmpty()) {
      return;
    }
    try {
      var name = ArtifactNames.blocks(manifest.app(), manifest.sha256());
      var signatures = BlockSignatures.parse(BlockCopies.read(own, name, blocks));
      InvalidInput.unless(
          signatures.size() == manifest.size(), name, "must be of the artifact's size");
      try (var patch = new Patch(file, signatures)) {
        // it was of the file as it was
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".resume"));
        reused.increment((double) patch.fill(old.get()));
        mend(manifest, piece, patch, moved);
      }
    } catch (IOException | RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      log.warn("Build #{} is not filled from the release before", manifest.job(), e);
    }
  }

  private Optional<Path> before(AppName app) {
    return targets.snapshot().newestFirst().stream()
        .filter(target -> target.app().equals(app))
        .map(Target::release)
        .flatMap(release -> cache.file(release.sha256()).stream())
        .findFirst();
  }

  private void mend(Manifest manifest, int piece, Patch patch, AtomicLong moved)
      throws InterruptedException {
    var fetch =
        new RangeFetch(
            span -> origin.read(manifest.app(), manifest.sha256(), span.from(), span.length()),
            AT_A_TIME,
            PATIENCE);
    var failure = fetch.fetch(patch, Ranges.worthIt(patch.lacking(), manifest.size(), piece));
    moved.addAndGet(fetch.moved());
    if (failure != null) {
      log.warn("Not all ranges of build #{} came: {}", manifest.job(), failure.toString());
    }
  }
}
