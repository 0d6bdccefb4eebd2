package dev.slipway.queue.push;

import dev.slipway.common.trace.TraceParent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a commit came here, for its trace.
 *
 * @param at when
 * @param caller the span of who sent it, who traces too; none for the most part
 */
public record Arrival(Instant at, @Nullable TraceParent caller) {}
