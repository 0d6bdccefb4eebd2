package dev.slipway.common.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Authenticates a request by its {@code Authorization: Bearer} header. */
final class BearerFilter extends OncePerRequestFilter {
  private static final String SCHEME = "Bearer ";
  private static final int LONGEST = 500;

  private static final Logger log = LoggerFactory.getLogger(BearerFilter.class);

  private final Tokens tokens;

  BearerFilter(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null && header.startsWith(SCHEME) && header.length() <= LONGEST) {
      try {
        tokens.callerOf(header.substring(SCHEME.length())).ifPresent(BearerFilter::enter);
      } catch (RuntimeException notNow) {
        log.warn("A token could not be checked", notNow);
        response.setHeader(HttpHeaders.RETRY_AFTER, "5");
        ApiSecurity.refuse(
            response, 503, "database-gone", "tokens cannot be checked now; try again");
        return;
      }
    }
    chain.doFilter(request, response);
  }

  private static void enter(Caller caller) {
    var context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(
        UsernamePasswordAuthenticationToken.authenticated(
            caller, null, List.of(new SimpleGrantedAuthority(caller.role().authority()))));
    SecurityContextHolder.setContext(context);
  }
}
