package dev.slipway.common.heartbeat;

import java.util.List;

/**
 * What a worker must know of its jobs.
 *
 * @param intervalSeconds when to send the next heartbeat
 * @param lost jobs that it does not hold any more: their builds are to be killed
 * @param cancelled jobs that somebody asked to cancel: killed, and acknowledged
 */
public record HeartbeatAnswer(int intervalSeconds, List<Long> lost, List<Long> cancelled) {
  public HeartbeatAnswer {
    lost = lost == null ? List.of() : List.copyOf(lost);
    cancelled = cancelled == null ? List.of() : List.copyOf(cancelled);
  }
}
