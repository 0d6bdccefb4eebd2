package dev.slipway.deploy.webhook;

import dev.slipway.common.app.AppName;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A receiver.
 *
 * @param app of whose events it is told; none: of all apps
 * @param failingSince since when nothing was taken; none while things go well
 * @param disabledAt since when nothing is sent; none while something is
 */
public record Webhook(
    long id,
    URI url,
    Kind kind,
    @Nullable AppName app,
    List<EventType> events,
    String createdBy,
    Instant createdAt,
    @Nullable Instant failingSince,
    @Nullable Instant disabledAt,
    @Nullable String disabledReason) {}
