package dev.slipway.deploy.freeze;

import dev.slipway.common.app.AppName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which no deployment begins. What rolls already goes on, and rollbacks are always free.
 *
 * @param app none: of all apps
 * @param endsAt after the beginning; lifting a freeze moves it to now
 */
public record Freeze(
    long id,
    @Nullable AppName app,
    Instant startsAt,
    Instant endsAt,
    String reason,
    String createdBy,
    Instant createdAt) {
  /** As {@code freeze 3 until 2026-12-27T08:00:00Z (holidays)}. */
  public String inWords() {
    return "freeze %d until %s (%s)".formatted(id, endsAt, reason);
  }
}
