package dev.slipway.deploy.timeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a commit's way; each begins where the one before ends.
 *
 * @param until none while it lasts, or before it begins
 * @param seconds that it took, or has taken so far; none before it begins
 */
public record Stage(
    Name name, @Nullable Instant from, @Nullable Instant until, @Nullable Double seconds) {
  /** What it is called, in order, and how much of the whole it may take. */
  public enum Name {
    QUEUE(Duration.ofMinutes(1)),
    /** With publishing, which a worker does while it still holds the job. */
    BUILD(Duration.ofMinutes(17)),
    /** Until every wanted region says that it has its copy. */
    REPLICATE(Duration.ofMinutes(4)),
    /** Until every copy was read back. */
    VERIFY(Duration.ofMinutes(1)),
    /** For auto-deploy, for a deployment before it, or for somebody to press Deploy. */
    WAIT(Duration.ZERO),
    /** Until the last machine runs it. */
    DEPLOY(Duration.ofMinutes(5));

    private final Duration budget;

    Name(Duration budget) {
      this.budget = budget;
    }

    /** As people and the API say it. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Of {@link Timeline#BUDGET}, in seconds; what all stages leave of it is slack. */
    public double budgetSeconds() {
      return budget.toSeconds();
    }
  }

  static Stage of(Name name, @Nullable Instant from, @Nullable Instant until, Instant now) {
    if (from == null) {
      return new Stage(name, null, null, null);
    }
    var end = until == null ? now : until;
    return new Stage(name, from, until, Math.max(0, Duration.between(from, end).toMillis() / 1e3));
  }

  @JsonProperty
  public double budgetSeconds() {
    return name.budgetSeconds();
  }

  boolean isUnderWay() {
    return from != null && until == null;
  }

  double spent() {
    return seconds == null ? 0 : seconds;
  }

  /** How much longer it may take. */
  double left() {
    return until == null ? Math.max(0, budgetSeconds() - spent()) : 0;
  }

  double overrun() {
    return spent() - budgetSeconds();
  }
}
