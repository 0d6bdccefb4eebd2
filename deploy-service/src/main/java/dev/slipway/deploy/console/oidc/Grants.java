package dev.slipway.deploy.console.oidc;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import dev.slipway.common.app.AppName;
import dev.slipway.deploy.console.oidc.OidcProperties.Grant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells by what the issuer says of somebody what they may do here. */
final class Grants {
  private static final int LONGEST_NAME = 100;

  private final OidcProperties properties;

  Grants(OidcProperties properties) {
    this.properties = properties;
  }

  /** Who it is, with the greatest role that a group of theirs has; none when no group has one. */
  Optional<Caller> callerOf(Map<String, Object> claims) {
    var name = String.valueOf(claims.getOrDefault(properties.nameClaim(), "")).strip();
    var groups = groups(claims.get(properties.groupsClaim()));
    var theirs =
        properties.grants().stream().filter(grant -> groups.contains(grant.group())).toList();
    if (name.isEmpty() || name.length() > LONGEST_NAME || theirs.isEmpty()) {
      return Optional.empty();
    }
    for (var role : List.of(Role.ADMIN, Role.DEPLOYER)) {
      var inIt = theirs.stream().filter(grant -> grant.role() == role).toList();
      if (!inIt.isEmpty()) {
        return Optional.of(new Caller(name, role, null, apps(inIt)));
      }
    }
    return Optional.of(new Caller(name, Role.VIEWER, null));
  }

  private static Set<String> groups(@Nullable Object claim) {
    return switch (claim) {
      case Collection<?> several ->
          several.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
      case String one -> Set.of(one);
      case null, default -> Set.of();
    };
  }

  /** Those of all grants together; none, which is all, when one of them is not bound to apps. */
  private static @Nullable Set<AppName> apps(List<Grant> grants) {
    return grants.stream().anyMatch(grant -> grant.apps().isEmpty())
        ? null
        : grants.stream()
            .flatMap(grant -> grant.apps().stream())
            .map(AppName::new)
            .collect(Collectors.toUnmodifiableSet());
  }
}
