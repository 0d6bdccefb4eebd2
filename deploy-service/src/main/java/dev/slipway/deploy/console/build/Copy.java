package dev.slipway.deploy.console.build;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A build's copy in one region.
 *
 * @param wanted whether the region counts, or is excluded
 * @param state none while nobody has asked for a copy
 */
public record Copy(
    String region,
    boolean wanted,
    @Nullable String state,
    @Nullable Instant wantedAt,
    @Nullable Instant presentAt,
    @Nullable Instant verifiedAt,
    @Nullable Long movedBytes,
    @Nullable String agent,
    @Nullable String problem) {}
