package dev.slipway.deploy.audit;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of the audit trail somebody wants; what is not given lets all pass.
 *
 * @param app done to it, or to one of its builds or deployments
 * @param actor 1 to 100 characters
 * @param action 1 to 100 characters, as {@code job-cancel}
 * @param from the first moment
 * @param until the first moment that is too late
 */
public record Filter(
    @Nullable AppName app,
    @Nullable String actor,
    @Nullable String action,
    @Nullable Instant from,
    @Nullable Instant until) {
  private static final int LONGEST = 100;

  public Filter {
    InvalidInput.unless(
        actor == null || actor.length() <= LONGEST, "who", "must be at most 100 characters");
    InvalidInput.unless(
        action == null || action.length() <= LONGEST, "action", "must be at most 100 characters");
  }
}
