package dev.slipway.deploy.token;

import dev.slipway.common.access.Role;
import dev.slipway.common.problem.InvalidInput;
import org.jspecify.annotations.Nullable;

/** How long tokens are valid: none is for good. */
final class Validity {
  private static final int MOST_DAYS = 730;
  private static final int PERSON = 90;
  private static final int SERVICE = 365;

  private Validity() {}

  /** Refuses what is out of bounds. */
  static void check(@Nullable Integer days) {
    InvalidInput.unless(
        days == null || (days >= 1 && days <= MOST_DAYS), "validDays", "must be 1 to " + MOST_DAYS);
  }

  /** What was wished, or what is usual for the role. */
  static int days(@Nullable Integer wished, Role role) {
    if (wished != null) {
      return wished;
    }
    return role.isPersons() ? PERSON : SERVICE;
  }
}
