package dev.slipway.common.heartbeat;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What heartbeat-reaper offers to workers. */
@HttpExchange("/api/v1")
public interface HeartbeatApi {
  /** Keeps the worker's hold on its jobs. */
  @PostExchange("/heartbeats")
  HeartbeatAnswer beat(@RequestBody Heartbeat heartbeat);
}
