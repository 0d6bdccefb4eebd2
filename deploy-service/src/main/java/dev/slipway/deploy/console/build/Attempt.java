package dev.slipway.deploy.console.build;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to build it.
 *
 * @param outcome none while it runs
 * @param reason why it ended so; none where it went well
 */
public record Attempt(
    int number,
    String worker,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String outcome,
    @Nullable String reason) {}
