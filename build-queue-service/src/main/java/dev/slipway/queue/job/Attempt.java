package dev.slipway.queue.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One worker's try at a job.
 *
 * @param outcome SUCCEEDED, FAILED, LOST, CANCELLED or RELEASED; none while it runs
 * @param reason why it ended so, where there is more to tell
 */
public record Attempt(
    int attempt,
    String worker,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String outcome,
    @Nullable String reason) {}
