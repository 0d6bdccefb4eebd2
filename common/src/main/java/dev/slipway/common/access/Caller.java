package dev.slipway.common.access;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.Problem;
import java.security.Principal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls: the principal of every authenticated request.
 *
 * @param scope the region or machine that the caller is bound to; none for people and workers
 * @param apps the only ones that a deployer may act on; none: all
 */
public record Caller(String name, Role role, @Nullable String scope, @Nullable Set<AppName> apps)
    implements Principal {
  public Caller {
    apps = apps == null ? null : Set.copyOf(apps);
  }

  /** A caller who is not bound to apps. */
  public Caller(String name, Role role, @Nullable String scope) {
    this(name, role, scope, null);
  }

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

  /** Whether the caller may build, deploy and roll back that app. */
  public boolean mayDeploy(AppName app) {
    return switch (role) {
      case ADMIN -> true;
      case DEPLOYER -> apps == null || apps.contains(app);
      case VIEWER, WORKER, REGION, MACHINE -> false;
    };
  }

  /** Refuses a caller who may not build, deploy and roll back that app. */
  public void mustDeploy(AppName app) {
    if (!mayDeploy(app)) {
      throw new Problem(403, "forbidden", "you may not do this to app " + app);
    }
  }
}
