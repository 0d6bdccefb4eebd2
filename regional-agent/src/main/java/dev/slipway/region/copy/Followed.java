package dev.slipway.region.copy;

import dev.slipway.common.replica.Replication;
import dev.slipway.common.target.Release;
import dev.slipway.common.trace.TraceParent;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What another agent of the region brings: once it is in the region's bucket this agent takes it
 * from there, one after the other, to serve machines as well. What it misses it takes when machines
 * are told to run it.
 */
public final class Followed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Followed.class);

  private final Intake intake;
  private final Map<Long, Replication> coming = new LinkedHashMap<>();
  private final ExecutorService taker =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("followed").factory());

  public Followed(Intake intake) {
    this.intake = intake;
  }

  /**
   * Hears what the region lacks now: what others were to bring and is lacking no more has come. For
   * one thread alone.
   */
  void hear(List<Replication> lacking) {
    var still = lacking.stream().map(Replication::job).collect(Collectors.toSet());
    coming
        .values()
        .removeIf(one -> {
          var hasCome = !still.contains(one.job());
          if (hasCome) {
            take(one);
          }
          return hasCome;
        });
    for (var one : lacking) {
      if (one.leads()) {
        coming.remove(one.job());
      } else {
        coming.put(one.job(), one);
      }
    }
  }

  /** Takes in what the region's bucket holds, in the background. */
  void take(Replication one) {
    taker.execute(() -> {
      try (var _ = TraceParent.inLogs(one.trace())) {
        takeIn(one);
      }
    });
  }

  private void takeIn(Replication one) {
    try {
      intake.take(one.app(), new Release(one.job(), one.sha256(), one.size(), one.manifest()));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      log.info("Build #{} is not taken in ahead: {}", one.job(), e.toString());
    }
  }

  @Override
  public void close() {
    taker.shutdownNow();
    taker.close();
  }
}
