package dev.slipway.region.copy;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.region.Upstream;
import dev.slipway.region.cache.DigestMismatch;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what this agent is to bring into the region, several artifacts at a time. What fails is
 * tried again, later and later, for as long as it is wanted of this agent.
 */
public final class Replicator implements Loop.Pass, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Replicator.class);

  /** How soon the centre is asked again while there is nothing to begin. */
  private static final Duration AGAIN = Duration.ofMillis(500);

  private final Orders orders;
  private final Copier copier;
  private final Followed followed;
  private final Upstream upstream;
  private final MeterRegistry meters;
  private final int atATime;
  private final Map<Sha256, Long> inWork = new ConcurrentHashMap<>();
  private final Attempts attempts = new Attempts();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Changes ended = new Changes();

  /**
   * @param atATime artifacts
   * @param meters get {@code slipway.replication.copies} by outcome and {@code
   *     slipway.replication.bytes}
   */
  public Replicator(
      Orders orders,
      Copier copier,
      Followed followed,
      int atATime,
      Upstream upstream,
      MeterRegistry meters) {
    this.orders = orders;
    this.copier = copier;
    this.followed = followed;
    this.atATime = atATime;
    this.upstream = upstream;
    this.meters = meters;
    meters.gauge("slipway.replication.active", inWork, Map::size);
  }

  @Override
  public boolean runOnce() throws InterruptedException {
    var seen = ended.count();
    upstream.call(() -> {
      var asked = System.nanoTime();
      var lacking = orders.lacking(Set.copyOf(inWork.values()));
      var waited = lacking.isEmpty() && System.nanoTime() - asked > AGAIN.toNanos();
      followed.hear(lacking);
      if (!begin(lacking) && !waited) {
        // what is in work is still lacking, so the centre answered at once
        ended.awaitAbove(seen, AGAIN);
      }
    });
    return true;
  }

  private boolean begin(List<Replication> lacking) {
    var begun = false;
    for (var replication : lacking) {
      if (replication.leads()
          && inWork.size() < atATime
          && attempts.mayMake(replication.job())
          && inWork.putIfAbsent(replication.sha256(), replication.job()) == null) {
        workers.execute(() -> work(replication));
        begun = true;
      }
    }
    return begun;
  }

  private void work(Replication wanted) {
    try (var _ = TraceParent.inLogs(wanted.trace())) {
      bring(wanted);
    } finally {
      inWork.remove(wanted.sha256());
      ended.signal();
    }
  }

  private void bring(Replication wanted) {
    try {
      copy(wanted);
      // before it can be wanted again
      attempts.made(wanted.job());
      claim(wanted);
      count("copied");
      followed.take(wanted);
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
    }
  }

  private void copy(Replication wanted) throws IOException, InterruptedException {
    var moved = attempts.moved(wanted.job());
    var before = moved.get();
    try {
      copier.copy(wanted, moved);
    } finally {
      meters.counter("slipway.replication.bytes").increment((double) moved.get() - before);
    }
  }

  private void claim(Replication wanted) {
    var moved = attempts.moved(wanted.job());
    var bytes = moved.get();
    orders.claim(
        wanted.job(), new ReplicaClaim(UUID.randomUUID(), wanted.sha256(), wanted.size(), bytes));
    moved.addAndGet(-bytes);
    log.info("Build #{} is here, {} bytes moved", wanted.job(), bytes);
  }

  private void count(String outcome) {
    meters.counter("slipway.replication.copies", "outcome", outcome).increment();
  }

  /** Stops copies under way; they begin again when they are asked for again. */
  @Override
  public void close() {
    workers.shutdownNow();
    workers.close();
    followed.close();
  }
}
