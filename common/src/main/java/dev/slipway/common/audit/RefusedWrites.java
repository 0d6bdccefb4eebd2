package dev.slipway.common.audit;

import dev.slipway.common.access.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Audits what people asked for and did not get, be it for their role or for the state of things;
 * what they did get is audited where it is done. Belongs outside of what refuses, and inside of
 * what forgets the caller: before {@code ExceptionTranslationFilter}.
 */
public final class RefusedWrites extends OncePerRequestFilter {
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
  private static final int LONGEST_PATH = 300;
  private static final Logger log = LoggerFactory.getLogger(RefusedWrites.class);

  private final AuditStore audit;

  public RefusedWrites(AuditStore audit) {
    this.audit = audit;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(request, response);
    if (response.getStatus() >= HttpStatus.BAD_REQUEST.value()
        && !READS.contains(request.getMethod())) {
      write(request, response.getStatus());
    }
  }

  private void write(HttpServletRequest request, int status) {
    var authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication == null
        || !(authentication.getPrincipal() instanceof Caller caller)
        || !caller.role().isPersons()) {
      return;
    }
    var path = request.getRequestURI();
    try {
      audit.record(
          caller.name(),
          "request",
          request.getMethod() + " " + path.substring(0, Math.min(path.length(), LONGEST_PATH)),
          outcome(status),
          "as " + caller.role() + ", answered " + status);
    } catch (RuntimeException e) {
      // the answer stands
      log.warn("A refusal could not be audited", e);
    }
  }

  private static String outcome(int status) {
    if (status == HttpStatus.FORBIDDEN.value()) {
      return "FORBIDDEN";
    }
    return status < HttpStatus.INTERNAL_SERVER_ERROR.value() ? "REFUSED" : "FAILED";
  }
}
