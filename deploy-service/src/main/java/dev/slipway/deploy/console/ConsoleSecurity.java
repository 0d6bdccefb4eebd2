package dev.slipway.deploy.console;

import dev.slipway.common.access.Role;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.audit.RefusedWrites;
import dev.slipway.deploy.DeployProperties;
import dev.slipway.deploy.console.signin.SessionCheck;
import dev.slipway.deploy.console.signin.SignIn;
import dev.slipway.deploy.console.signin.SingleSignOn;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.DefaultRedirectStrategy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.CookieRequestCache;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;

/**
 * Guards everything that is not API. A session exists only once somebody has signed in: what comes
 * before, the CSRF token and the page that was asked for, is kept in cookies, so strangers cannot
 * fill the memory.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {
  private static final String CONTENT_POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  private static final RequestMatcher HTMX = request -> request.getHeader("HX-Request") != null;
  private static final RequestMatcher STREAM =
      request -> String.valueOf(request.getHeader("Accept")).contains("text/event-stream");

  @Bean
  @Order(2)
  SecurityFilterChain consoleChain(
      HttpSecurity http,
      SignIn signIn,
      ObjectProvider<SingleSignOn> sso,
      DeployProperties properties,
      Clock clock,
      AuditStore audit) {
    sso.ifAvailable(issuer -> issuer.addTo(http));
    return http.authenticationProvider(signIn.provider())
        .addFilterBefore(new RefusedWrites(audit), ExceptionTranslationFilter.class)
        .addFilterBefore(
            new SessionCheck(properties.sessionLifetime(), clock), AuthorizationFilter.class)
        .authorizeHttpRequests(requests ->
            requests
                // what was let in may end as it likes
                .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                .permitAll()
                .requestMatchers("/login", "/login/sso", "/console/**", "/webjars/**")
                .permitAll()
                .requestMatchers(
                    "/audit", "/audit.ndjson", "/settings/tokens/**", "/settings/people/**")
                .hasRole(Role.ADMIN.name())
                .requestMatchers(HttpMethod.GET)
                .hasRole(Role.VIEWER.name())
                .requestMatchers("/account/**")
                .hasRole(Role.VIEWER.name())
                .requestMatchers("/regions/**", "/settings/**")
                .hasRole(Role.ADMIN.name())
                .anyRequest()
                .hasRole(Role.DEPLOYER.name()))
        .formLogin(form ->
            form.loginPage("/login").passwordParameter("token").failureHandler(backToLogin()))
        .logout(out -> out.logoutSuccessUrl("/login").deleteCookies("SLIPWAY_CONSOLE"))
        .requestCache(cache -> cache.requestCache(pagesOnly()))
        .csrf(csrf -> csrf.csrfTokenRepository(csrfCookie()))
        .exceptionHandling(refusals ->
            refusals
                .defaultAuthenticationEntryPointFor(
                    (request, response, e) -> {
                      response.setHeader("HX-Redirect", "/login");
                      response.setStatus(HttpStatus.UNAUTHORIZED.value());
                    },
                    HTMX)
                .defaultAuthenticationEntryPointFor(
                    new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), STREAM)
                // also who comes back to the page asked for without having signed in: what was
                // remembered of that request has no headers to go by
                .defaultAuthenticationEntryPointFor(
                    new LoginUrlAuthenticationEntryPoint("/login"), AnyRequestMatcher.INSTANCE)
                .accessDeniedHandler(ErrorPages::refuse))
        .headers(headers ->
            headers
                .contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
        .build();
  }

  private static AuthenticationFailureHandler backToLogin() {
    var redirect = new DefaultRedirectStrategy();
    return (request, response, refused) ->
        redirect.sendRedirect(request, response, "/login?why=" + why(request, refused));
  }

  private static String why(HttpServletRequest request, AuthenticationException refused) {
    return switch (refused) {
      case LockedException tooOften -> "wait";
      case AuthenticationServiceException busy -> "busy";
      default -> StringUtils.hasText(request.getParameter("username")) ? "password" : "token";
    };
  }

  /** A person comes back to the page that was asked for, not to a piece of one. */
  private static CookieRequestCache pagesOnly() {
    var cache = new CookieRequestCache();
    cache.setRequestMatcher(request ->
        request.getMethod().equals("GET")
            && !HTMX.matches(request)
            && String.valueOf(request.getHeader("Accept")).contains("text/html"));
    cache.setCookieCustomizer(cookie -> cookie.setAttribute("SameSite", "Lax"));
    return cache;
  }

  private static CookieCsrfTokenRepository csrfCookie() {
    var repository = new CookieCsrfTokenRepository();
    repository.setCookieName("SLIPWAY_CSRF");
    repository.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
    return repository;
  }
}
