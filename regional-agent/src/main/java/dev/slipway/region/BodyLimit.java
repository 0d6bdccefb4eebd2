package dev.slipway.region;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/** Bounds what a request may carry: a poll is small, whatever a machine says. */
final class BodyLimit extends OncePerRequestFilter {
  private static final int MOST = 512 << 10;

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > MOST) {
      response.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
      response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
      response
          .getWriter()
          .write(
              """
              {"type":"about:blank","status":413,"code":"too-large",\
              "detail":"the body must be at most %d bytes"}\
              """
                  .formatted(MOST));
    } else {
      chain.doFilter(new Bounded(request), response);
    }
  }

  /** A body sent in chunks does not say its size: past the limit it ends, as invalid JSON. */
  private static final class Bounded extends HttpServletRequestWrapper {
    Bounded(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new BoundedInput(super.getInputStream());
    }
  }

  private static final class BoundedInput extends ServletInputStream {
    private final ServletInputStream in;
    private long left = MOST;

    BoundedInput(ServletInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return left-- <= 0 ? -1 : in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      var n = in.read(into, offset, (int) Math.min(length, left));
      left -= Math.max(0, n);
      return n;
    }

    @Override
    public boolean isFinished() {
      return left <= 0 || in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }
  }
}
