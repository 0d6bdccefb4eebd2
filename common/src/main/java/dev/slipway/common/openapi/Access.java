package dev.slipway.common.openapi;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/** Who may call what: asked of the very rules that guard the calls, so that it cannot drift. */
final class Access {
  private static final Authentication NOBODY =
      new AnonymousAuthenticationToken(
          "openapi", "nobody", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

  private final List<SecurityFilterChain> chains;

  /**
   * @param chains in their order; the first that a call is of has its rules
   */
  Access(List<SecurityFilterChain> chains) {
    this.chains = chains;
  }

  /** Whether a call needs no token: it has a credential of its own, or none. */
  boolean isOpen(String method, String path) {
    return mayCall(method, path, NOBODY);
  }

  /** The roles that may call. */
  List<Role> roles(String method, String path) {
    return Arrays.stream(Role.values()).filter(role -> mayCall(method, path, as(role))).toList();
  }

  private boolean mayCall(String method, String path, Authentication who) {
    var call = new SupposedCall(method, path.replaceAll("\\{[^}]*}", "x"));
    return chains.stream()
        .filter(chain -> chain.matches(call))
        .findFirst()
        .flatMap(Access::rules)
        .filter(rules -> allow(rules, call, who))
        .isPresent();
  }

  private static boolean allow(AuthorizationFilter rules, SupposedCall call, Authentication who) {
    var answer = rules.getAuthorizationManager().authorize(() -> who, call);
    return answer != null && answer.isGranted();
  }

  private static Optional<AuthorizationFilter> rules(SecurityFilterChain chain) {
    return chain.getFilters().stream()
        .filter(AuthorizationFilter.class::isInstance)
        .map(AuthorizationFilter.class::cast)
        .findFirst();
  }

  private static Authentication as(Role role) {
    return UsernamePasswordAuthenticationToken.authenticated(
        new Caller("somebody", role, "x"),
        null,
        AuthorityUtils.createAuthorityList(role.authority()));
  }
}
