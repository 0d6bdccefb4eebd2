package dev.slipway.region.copy;

import dev.slipway.common.loop.Loop;
import dev.slipway.common.target.Target;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.target.TargetCache;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the region's own copies again when machines cannot use them, and replaces what has changed:
 * in the cache from the bucket, in the bucket from home.
 */
public final class Healer implements Loop.Pass {
  private static final Logger log = LoggerFactory.getLogger(Healer.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Doubts doubts;
  private final TargetCache targets;
  private final Keeper keeper;
  private final Copies copies;
  private final MeterRegistry meters;

  /** Where the region's copies are, and where they came from. */
  public record Copies(ArtifactCache cache, OwnBucket own, Origin home) {}

  /**
   * @param meters get {@code slipway.region.repairs} by copy
   */
  public Healer(
      Doubts doubts, TargetCache targets, Keeper keeper, Copies copies, MeterRegistry meters) {
    this.doubts = doubts;
    this.targets = targets;
    this.keeper = keeper;
    this.copies = copies;
    this.meters = meters;
  }

  @Override
  public boolean runOnce() throws InterruptedException {
    var seen = doubts.changes().count();
    var doubted = doubts.take();
    for (var target : targets.snapshot().newestFirst()) {
      if (doubted.contains(target.release().build())) {
        try (var _ = TraceParent.inLogs(target.release().trace())) {
          heal(target);
        }
      }
    }
    doubts.changes().awaitAbove(seen, LONGEST_WAIT);
    return true;
  }

  private void heal(Target target) throws InterruptedException {
    var release = target.release();
    try {
      if (!copies.cache().recheck(release.sha256())) {
        repaired("cache", target);
      }
      if (copies.own().repair(target.app(), release, () -> source(target).open())) {
        repaired("bucket", target);
      }
      keeper.keep(target.app(), release);
    } catch (IOException | RuntimeException e) {
      // machines go on to complain, so it is tried again
      log.warn("The copies of build #{} could not be made right", release.build(), e);
    }
  }

  private ArtifactCache.Source source(Target target) {
    var release = target.release();
    return copies
        .cache()
        .file(release.sha256())
        .<ArtifactCache.Source>map(file -> () -> Files.newInputStream(file))
        .orElse(() -> copies.home().read(target.app(), release.sha256(), 0, release.size()));
  }

  private void repaired(String copy, Target target) {
    meters.counter("slipway.region.repairs", "copy", copy).increment();
    log.warn("Build #{} had changed in this region's {}", target.release().build(), copy);
  }
}
