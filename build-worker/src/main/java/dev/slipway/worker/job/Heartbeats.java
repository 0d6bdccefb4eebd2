package dev.slipway.worker.job;

import dev.slipway.common.heartbeat.Heartbeat;
import dev.slipway.common.heartbeat.HeartbeatApi;
import dev.slipway.common.job.Claim;
import dev.slipway.common.loop.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * Tells the reaper, from a thread of its own and in one request for all slots, what the worker is
 * working on, as often as the reaper asks for. While it cannot be reached the builds go on:
 * whatever they come to is fenced by their claims.
 */
public final class Heartbeats implements AutoCloseable {
  /** Between tries while the reaper does not answer. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  private static final int LONGEST_SECONDS = 60;

  private final HeartbeatApi reaper;
  private final Slots slots;
  private final Loop loop;

  public Heartbeats(HeartbeatApi reaper, Slots slots, MeterRegistry meters) {
    this.reaper = reaper;
    this.slots = slots;
    this.loop = new Loop("heartbeat", RETRY, this::runOnce, meters);
  }

  /** Begins to send. */
  public Heartbeats start() {
    loop.start();
    return this;
  }

  private boolean runOnce() throws InterruptedException {
    Thread.sleep(beat());
    return true;
  }

  /** Sends one and acts on its answer; returns when the next is due. */
  Duration beat() {
    var holds = slots.holds();
    var identity = slots.identity();
    var answer =
        reaper.beat(
            new Heartbeat(
                identity.worker(),
                identity.slots(),
                identity.labels().labels(),
                slots.isDraining(),
                holds.stream()
                    .map(claim -> new Heartbeat.Held(claim.job(), claim.attempt()))
                    .toList()));
    for (Claim claim : holds) {
      if (answer.lost().contains(claim.job())) {
        slots.end(claim, Hold.End.LOST);
      } else if (answer.cancelled().contains(claim.job())) {
        slots.end(claim, Hold.End.CANCELLED);
      }
    }
    return Duration.ofSeconds(Math.clamp(answer.intervalSeconds(), 1, LONGEST_SECONDS));
  }

  @Override
  public void close() {
    loop.close();
  }
}
