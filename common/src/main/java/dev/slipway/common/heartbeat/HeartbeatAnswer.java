package dev.slipway.common.heartbeat;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The worker still holds the job. One that does not gets 409 with the code {@code lease-lost} or
 * {@code cancelled}.
 *
 * @param intervalSeconds when to send the next
 */
public record HeartbeatAnswer(@JsonProperty("continue") boolean goOn, int intervalSeconds) {}
