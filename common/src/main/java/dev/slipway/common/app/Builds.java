package dev.slipway.common.app;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.slipway.common.problem.InvalidInput;
import java.util.Locale;

/** Which of an app's pushes are built. */
public enum Builds {
  EVERY,
  /** A push cancels the app's builds that still wait. */
  LATEST;

  /** As people write it. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that is written so. */
  @JsonCreator
  public static Builds of(String text) {
    for (var builds : values()) {
      if (builds.text().equals(text)) {
        return builds;
      }
    }
    throw new InvalidInput("builds", "must be every or latest");
  }
}
