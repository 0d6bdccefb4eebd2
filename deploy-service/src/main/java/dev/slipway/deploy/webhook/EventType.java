package dev.slipway.deploy.webhook;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be told. */
public enum EventType {
  BUILD_STARTED,
  BUILD_SUCCEEDED,
  BUILD_FAILED,
  BUILD_CANCELLED,
  /** Every wanted region has its copy. */
  BUILD_REPLICATED,
  DEPLOYMENT_CREATED,
  DEPLOYMENT_STARTED,
  DEPLOYMENT_PAUSED,
  DEPLOYMENT_SUCCEEDED,
  DEPLOYMENT_FAILED,
  DEPLOYMENT_ABORTED,
  DEPLOYMENT_SUPERSEDED;

  /** As {@code build.succeeded}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** The one of that word. */
  @JsonCreator
  public static EventType of(String word) {
    return Arrays.stream(values())
        .filter(type -> type.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new InvalidInput("events", "must be of " + words()));
  }

  /** All of them. */
  static List<EventType> all() {
    return List.of(values());
  }

  private static String words() {
    return Arrays.stream(values()).map(EventType::word).collect(Collectors.joining(", "));
  }
}
