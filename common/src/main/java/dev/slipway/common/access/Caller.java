package dev.slipway.common.access;

import dev.slipway.common.problem.Problem;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: the principal of every authenticated request.
 *
 * @param scope the region or machine that the caller is bound to; none for people and workers
 */
public record Caller(String name, Role role, @Nullable String scope) implements Principal {
  @Override
  public String getName() {
    return name;
  }

  /** Refuses a caller that speaks for another region or machine than its own. */
  public void mustBe(String wanted) {
    if (!wanted.equals(scope)) {
      throw new Problem(403, "forbidden", "your token is not one of " + wanted);
    }
  }
}
