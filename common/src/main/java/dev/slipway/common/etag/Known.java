package dev.slipway.common.etag;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * What the caller says to have already, by {@code If-None-Match}; for long-polls, which wait for
 * what it has not.
 */
public final class Known {
  private final HttpServletRequest request;
  private final @Nullable HttpServletResponse response;

  private Known(HttpServletRequest request, @Nullable HttpServletResponse response) {
    this.request = request;
    this.response = response;
  }

  /** Of the request that this thread serves. */
  public static Known toCaller() {
    var served = (ServletRequestAttributes) RequestContextHolder.currentRequestAttributes();
    return new Known(served.getRequest(), served.getResponse());
  }

  /** The weak tag of a revision. */
  public static String tag(long revision) {
    return "W/\"" + revision + "\"";
  }

  /** Whether it has what has this tag. */
  public boolean has(String tag) {
    var header = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return header != null && Arrays.stream(header.split(",")).anyMatch(t -> t.strip().equals(tag));
  }

  /** Tags the answer; one that the caller has is a 304, whose body is not sent. */
  public void answer(String tag) {
    if (response != null) {
      response.setHeader(HttpHeaders.ETAG, tag);
      if (has(tag)) {
        response.setStatus(HttpStatus.NOT_MODIFIED.value());
      }
    }
  }
}
