package dev.slipway.region.copy;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.replica.ReplicationApi;
import dev.slipway.region.Upstream;
import dev.slipway.region.cache.DigestMismatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what the region lacks, several artifacts at a time. What fails is tried again, later and
 * later, for as long as it is wanted.
 */
public final class Replicator implements Loop.Pass, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Replicator.class);

  /** How soon the centre is asked again while there is nothing to begin. */
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final ReplicationApi centre;
  private final RegionName region;
  private final Copier copier;
  private final Upstream upstream;
  private final MeterRegistry meters;
  private final int atATime;
  private final Set<Sha256> inWork = ConcurrentHashMap.newKeySet();
  private final Attempts attempts = new Attempts();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Changes ended = new Changes();

  /**
   * @param atATime artifacts
   * @param meters get {@code slipway.replication.copies} by outcome and {@code
   *     slipway.replication.bytes}
   */
  public Replicator(
      ReplicationApi centre,
      RegionName region,
      Copier copier,
      int atATime,
      Upstream upstream,
      MeterRegistry meters) {
    this.centre = centre;
    this.region = region;
    this.copier = copier;
    this.atATime = atATime;
    this.upstream = upstream;
    this.meters = meters;
    meters.gauge("slipway.replication.active", inWork, Set::size);
  }

  @Override
  public boolean runOnce() throws InterruptedException {
    var seen = ended.count();
    upstream.call(() -> {
      var asked = System.nanoTime();
      var wanted = centre.wanted(region, ReplicationApi.LONGEST_WAIT);
      var waited = wanted.isEmpty() && System.nanoTime() - asked > AGAIN.toNanos();
      if (!begin(wanted) && !waited) {
        // what is in work is still wanted, so the centre answered at once
        ended.awaitAbove(seen, AGAIN);
      }
    });
    return true;
  }

  private boolean begin(List<Replication> wanted) {
    var begun = false;
    for (var replication : wanted) {
      if (inWork.size() < atATime
          && attempts.mayMake(replication.job())
          && inWork.add(replication.sha256())) {
        workers.execute(() -> work(replication));
        begun = true;
      }
    }
    return begun;
  }

  private void work(Replication wanted) {
    try {
      var claim = copier.copy(wanted);
      // before it can be wanted again
      attempts.made(wanted.job());
      centre.claim(wanted.job(), region, claim);
      count("copied");
      meters.counter("slipway.replication.bytes").increment((double) claim.movedBytes());
      log.info("Build #{} is here, {} bytes moved", wanted.job(), claim.movedBytes());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (Exception | LinkageError e) {
      if (!workers.isShutdown()) {
        count(e instanceof DigestMismatch ? "corrupt" : "failed");
        var pause = attempts.made(wanted.job());
        log.warn(
            "Build #{} could not be copied, again in {}: {}", wanted.job(), pause, e.toString());
        log.debug("Build #{}", wanted.job(), e);
      }
    } finally {
      inWork.remove(wanted.sha256());
      ended.signal();
    }
  }

  private void count(String outcome) {
    meters.counter("slipway.replication.copies", "outcome", outcome).increment();
  }

  /** Stops copies under way; they begin again when they are asked for again. */
  @Override
  public void close() {
    workers.shutdownNow();
    workers.close();
  }
}
