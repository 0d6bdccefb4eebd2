package dev.slipway.worker.job;

import dev.slipway.common.heartbeat.Heartbeat;
import dev.slipway.common.heartbeat.HeartbeatApi;
import dev.slipway.common.job.Claim;
import dev.slipway.common.loop.Loop;
import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * Tells the reaper that a job is being worked on, as often as the reaper asks for. While it cannot
 * be reached the build goes on: whatever it comes to is fenced by the claim.
 */
public final class Heartbeats {
  /** Between tries while the reaper does not answer. */
  private static final Duration RETRY = Duration.ofSeconds(2);

  private static final int LONGEST_SECONDS = 60;

  private final HeartbeatApi reaper;
  private final MeterRegistry meters;

  public Heartbeats(HeartbeatApi reaper, MeterRegistry meters) {
    this.reaper = reaper;
    this.meters = meters;
  }

  /** Starts to send for a claim, until closed; ends {@code hold} when the reaper says so. */
  public Loop start(Claim claim, Hold hold) {
    var heartbeat = new Heartbeat(claim.job(), claim.attempt(), claim.worker());
    return new Loop("heartbeat", RETRY, () -> beat(heartbeat, hold), meters).start();
  }

  private boolean beat(Heartbeat heartbeat, Hold hold) throws InterruptedException {
    try {
      var answer = reaper.beat(heartbeat);
      Thread.sleep(Duration.ofSeconds(Math.clamp(answer.intervalSeconds(), 1, LONGEST_SECONDS)));
      return true;
    } catch (Problem refused) {
      switch (refused.code()) {
        case "lease-lost" -> hold.end(Hold.End.LOST);
        case "cancelled" -> hold.end(Hold.End.CANCELLED);
        default -> throw refused;
      }
      return false;
    }
  }
}
