package dev.slipway.worker.job;

import dev.slipway.common.trace.TraceParent;
import java.time.Duration;

/**
 * What a commit's trace has of the time before its job was claimed.
 *
 * @param push the span of its push
 * @param waited from its push to this claim
 */
public record Journey(TraceParent push, Duration waited) {}
