package dev.slipway.common.access;

import dev.slipway.common.rate.CallerLimits;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Holds people, and whoever has no valid token, to so many calls a second. Workers, regions and
 * machines are let through. Belongs behind what finds out who calls.
 */
final class RateFilter extends OncePerRequestFilter {
  private final CallerLimits limits;

  RateFilter(CallerLimits limits) {
    this.limits = limits;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/api/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var wait = count(request);
    if (wait.isZero()) {
      chain.doFilter(request, response);
    } else {
      response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(wait.toSeconds() + 1));
      ApiSecurity.refuse(response, 429, "rate-limited", "too many calls; come again later");
    }
  }

  private Duration count(HttpServletRequest request) {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
      return caller.role().isPersons() ? limits.person(caller.name()) : Duration.ZERO;
    }
    return limits.stranger(String.valueOf(request.getRemoteAddr()));
  }
}
