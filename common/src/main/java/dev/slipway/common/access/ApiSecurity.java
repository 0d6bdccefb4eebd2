package dev.slipway.common.access;

import dev.slipway.common.problem.Problem;
import dev.slipway.common.rate.CallerLimits;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/**
 * How every service's API is guarded: bearer tokens, no sessions, so no CSRF; refusals are problem
 * details. Health, metrics and the API's description are open to whoever reaches the port.
 */
public final class ApiSecurity {
  private static final String[] OPEN = {
    "/actuator/health/**", "/actuator/prometheus", "/openapi/**", "/error"
  };

  private ApiSecurity() {}

  /** ADMIN over DEPLOYER over VIEWER: a bean of every service. */
  public static RoleHierarchy roles() {
    return RoleHierarchyImpl.withDefaultRolePrefix()
        .role(Role.ADMIN.name())
        .implies(Role.DEPLOYER.name())
        .role(Role.DEPLOYER.name())
        .implies(Role.VIEWER.name())
        .build();
  }

  /**
   * A chain over the paths that {@code http} matches. Where the service has {@link CallerLimits},
   * callers are held to them.
   *
   * @param rules who may call what; whatever they leave out is refused
   */
  public static SecurityFilterChain chain(
      HttpSecurity http,
      Tokens tokens,
      Customizer<
              AuthorizeHttpRequestsConfigurer<HttpSecurity>
                  .AuthorizationManagerRequestMatcherRegistry>
          rules) {
    http.addFilterBefore(new BearerFilter(tokens), AuthorizationFilter.class);
    // filters at one place keep the order in which they were added
    http.getSharedObject(ApplicationContext.class)
        .getBeanProvider(CallerLimits.class)
        .ifAvailable(
            limits -> http.addFilterBefore(new RateFilter(limits), AuthorizationFilter.class));
    return http.csrf(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .authorizeHttpRequests(requests -> {
          // the rest of a request that was let in when it came
          requests.dispatcherTypeMatchers(DispatcherType.ASYNC).permitAll();
          requests.requestMatchers(OPEN).permitAll();
          rules.customize(requests);
          requests.anyRequest().denyAll();
        })
        .exceptionHandling(refusals ->
            refusals
                .authenticationEntryPoint((request, response, e) -> {
                  response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
                  refuse(response, 401, "unauthenticated", "this call needs a valid bearer token");
                })
                .accessDeniedHandler((request, response, e) ->
                    refuse(response, 403, "forbidden", "your token's role may not do this")))
        .build();
  }

  /** Who made the request that this thread serves. */
  public static Caller caller() {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
      return caller;
    }
    throw new Problem(401, "unauthenticated", "this call needs a valid bearer token");
  }

  static void refuse(HttpServletResponse response, int status, String code, String detail)
      throws IOException {
    response.setStatus(status);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response
        .getWriter()
        .write(
            """
            {"type":"about:blank","status":%d,"code":"%s","detail":"%s"}\
            """
                .formatted(status, code, detail));
  }
}
