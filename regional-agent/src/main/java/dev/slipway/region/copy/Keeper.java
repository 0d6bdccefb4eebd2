package dev.slipway.region.copy;

import dev.slipway.common.app.AppName;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.target.Release;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.target.Snapshot;
import dev.slipway.region.target.TargetCache;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what machines are told to run in the cache, so that it is shared: from the region's own
 * bucket, where it is not there any more. Until then machines get it through this agent's HTTP.
 */
public final class Keeper implements Loop.Pass {
  private static final Logger log = LoggerFactory.getLogger(Keeper.class);

  /** When what failed is tried again. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  /** How often one artifact of the cache is read again. */
  private static final Duration RECHECK = Duration.ofMinutes(10);

  private final TargetCache targets;
  private final ArtifactCache cache;
  private final Intake intake;
  private final MeterRegistry meters;
  private final Set<Long> complained = ConcurrentHashMap.newKeySet();
  private final Changes changes;
  private boolean reopened;
  private long recheckedNanos = System.nanoTime();

  /**
   * @param changes signalled when the targets change
   */
  public Keeper(
      TargetCache targets,
      Changes changes,
      ArtifactCache cache,
      Intake intake,
      MeterRegistry meters) {
    this.targets = targets;
    this.changes = changes;
    this.cache = cache;
    this.intake = intake;
    this.meters = meters;
  }

  @Override
  public boolean runOnce() throws InterruptedException {
    if (!reopened) {
      reopened = true;
      cache.reopen();
    }
    recheck();
    var seen = changes.count();
    complained.retainAll(
        targets.snapshot().newestFirst().stream()
            .flatMap(Snapshot::releases)
            .map(Release::build)
            .toList());
    for (var target : targets.snapshot().newestFirst()) {
      keep(target.app(), target.release());
      if (target.ahead() != null && target.ahead().release() != null) {
        keep(target.app(), target.ahead().release());
      }
    }
    changes.awaitAbove(seen, AGAIN);
    return true;
  }

  private void recheck() {
    if (System.nanoTime() - recheckedNanos < RECHECK.toNanos()) {
      return;
    }
    recheckedNanos = System.nanoTime();
    try {
      cache.recheck();
    } catch (IOException e) {
      meters.counter("slipway.cache.damaged").increment();
      log.warn("An artifact in the cache was damaged and is fetched anew: {}", e.toString());
    }
  }

  /** Takes what a target asks for, unless it is here. */
  void keep(AppName app, Release release) throws InterruptedException {
    try {
      intake.take(app, release);
      complained.remove(release.build());
    } catch (IOException | RuntimeException e) {
      meters.counter("slipway.cache.misses").increment();
      if (complained.add(release.build())) {
        try (var _ = TraceParent.inLogs(release.trace())) {
          log.warn("Build #{} is not shared: {}", release.build(), e.toString());
        }
      }
    }
  }
}
