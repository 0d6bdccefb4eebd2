package dev.slipway.reaper;

import dev.slipway.common.heartbeat.Heartbeat;
import dev.slipway.common.heartbeat.HeartbeatAnswer;
import dev.slipway.common.heartbeat.HeartbeatApi;
import dev.slipway.reaper.HeartbeatStore.Hold;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.RestController;

/** Takes heartbeats and tells a worker that lost its job so. */
@RestController
public class HeartbeatController implements HeartbeatApi {
  private final HeartbeatStore heartbeats;
  private final WorkerStore workers;
  private final int intervalSeconds;

  HeartbeatController(HeartbeatStore heartbeats, WorkerStore workers, ReaperProperties properties) {
    this.heartbeats = heartbeats;
    this.workers = workers;
    this.intervalSeconds = (int) properties.heartbeatInterval().toSeconds();
  }

  @Operation(operationId = "beat", summary = "Keeps a worker's hold on its jobs")
  @Override
  public HeartbeatAnswer beat(Heartbeat heartbeat) {
    var found = heartbeats.beat(heartbeat);
    workers.seen(heartbeat);
    return new HeartbeatAnswer(
        intervalSeconds, jobs(found, Hold.LOST), jobs(found, Hold.CANCELLED));
  }

  private static List<Long> jobs(Map<Long, Hold> found, Hold hold) {
    return found.entrySet().stream()
        .filter(entry -> entry.getValue() == hold)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
