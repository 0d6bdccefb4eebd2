package dev.slipway.reaper;

import dev.slipway.common.heartbeat.Heartbeat;
import dev.slipway.common.heartbeat.HeartbeatAnswer;
import dev.slipway.common.heartbeat.HeartbeatApi;
import dev.slipway.common.problem.Problem;
import org.springframework.web.bind.annotation.RestController;

/** Takes heartbeats and tells a worker that lost its job so. */
@RestController
public class HeartbeatController implements HeartbeatApi {
  private final HeartbeatStore heartbeats;
  private final HeartbeatAnswer stillHeld;

  HeartbeatController(HeartbeatStore heartbeats, ReaperProperties properties) {
    this.heartbeats = heartbeats;
    this.stillHeld = new HeartbeatAnswer(true, (int) properties.heartbeatInterval().toSeconds());
  }

  @Override
  public HeartbeatAnswer beat(Heartbeat heartbeat) {
    return switch (heartbeats.beat(heartbeat)) {
      case HELD -> stillHeld;
      case CANCELLED ->
          throw Problem.conflict("cancelled", "build #" + heartbeat.job() + " is being cancelled");
      case LOST ->
          throw Problem.conflict(
              "lease-lost",
              "build #" + heartbeat.job() + " is no longer attempt " + heartbeat.attempt());
    };
  }
}
