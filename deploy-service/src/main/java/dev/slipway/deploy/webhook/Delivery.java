package dev.slipway.deploy.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event's way to a receiver.
 *
 * @param eventId the same for every try; what a receiver knows a repetition by
 * @param state WAITING, DELIVERED or GIVEN_UP
 * @param nextTryAt only while it waits
 * @param lastStatus what the receiver answered last; none where it did not
 * @param problem why it was not taken; none once it was
 */
public record Delivery(
    long id,
    String eventId,
    String type,
    String state,
    int tries,
    Instant createdAt,
    @Nullable Instant nextTryAt,
    @Nullable Instant deliveredAt,
    @Nullable Integer lastStatus,
    @Nullable String problem) {}
