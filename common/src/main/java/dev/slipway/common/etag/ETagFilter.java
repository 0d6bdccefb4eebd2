package dev.slipway.common.etag;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Gives what is read of an API an {@code ETag}, made of its bytes where the controller has given
 * none, and answers 304 to a caller that has it. The work is done in any case, only the bytes are
 * spared. Streams, exports and long-polls pass by: they are not kept in memory for it.
 */
public final class ETagFilter extends ShallowEtagHeaderFilter {
  private static final Pattern READS = Pattern.compile("/api/v1/.+");
  private static final Pattern PASSED_BY =
      Pattern.compile("/api/v1/(jobs/[^/]+/log|audit|targets|replications|manifests/.*)");

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var path = request.getRequestURI();
    return !request.getMethod().equals("GET")
        || !READS.matcher(path).matches()
        || PASSED_BY.matcher(path).matches();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    // to be kept by who asked, and asked again each time
    response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    super.doFilterInternal(request, response, chain);
  }
}
