package dev.slipway.deploy.console.signin;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Ends sessions whose token or password is no longer good, or is another person's by now, and those
 * that have lasted long enough.
 */
public final class SessionCheck extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(SessionCheck.class);

  private final Duration longest;
  private final Clock clock;

  /**
   * @param longest since the sign-in, whatever is done meanwhile
   */
  public SessionCheck(Duration longest, Clock clock) {
    this.longest = longest;
    this.clock = clock;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var session = request.getSession(false);
    try {
      if (session != null && !isGood(session, authentication())) {
        SecurityContextHolder.clearContext();
        session.invalidate();
      }
    } catch (DataAccessException notNow) {
      log.warn("A session could not be checked: {}", notNow.toString());
      response.sendError(503);
      return;
    }
    chain.doFilter(request, response);
  }

  private static @Nullable Authentication authentication() {
    return SecurityContextHolder.getContext().getAuthentication();
  }

  private boolean isGood(HttpSession session, @Nullable Authentication signedIn) {
    // there is no session before the sign-in
    var since = Instant.ofEpochMilli(session.getCreationTime());
    return clock.instant().isBefore(since.plus(longest))
        && signedIn != null
        && signedIn.getDetails() instanceof Proof proof
        && proof.holds();
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var path = request.getRequestURI();
    return path.startsWith("/webjars/") || path.startsWith("/console/");
  }
}
