package dev.slipway.region;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Serves bytes that never change, whole or one range of them (RFC 9110): what web seeds and
 * interrupted downloads ask for. Several ranges in one request are answered by the whole.
 *
 * @param tag names the content: the ETag
 * @param size bytes
 */
public record RangedAnswer(String tag, long size) {
  private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{0,100})-(\\d{0,100})");
  private static final int MOST_DIGITS = 18;
  private static final int BUFFER = 128 << 10;

  /** Opens the content. */
  @FunctionalInterface
  public interface Content {
    InputStream open(long from, long length) throws IOException;
  }

  private record Range(long from, long to) {
    long length() {
      return to - from + 1;
    }
  }

  /** Answers a GET or HEAD. */
  public void send(HttpServletRequest request, HttpServletResponse response, Content content)
      throws IOException {
    var etag = "\"" + tag + "\"";
    response.setHeader(HttpHeaders.ETAG, etag);
    response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    if (etag.equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    var range = new Range(0, size - 1);
    var asked = ONE_RANGE.matcher(rangeHeader(request, etag));
    if (asked.matches()) {
      var found = range(asked.group(1), asked.group(2));
      if (found == null) {
        response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
        response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
        return;
      }
      range = found;
      partial(range, response);
    }
    response.setContentLengthLong(range.length());
    if (!"HEAD".equals(request.getMethod()) && range.length() > 0) {
      copy(range, content, response);
    }
  }

  /**
   * Answers with one range that this side chose.
   *
   * @param from the first byte
   * @param to the last byte, below {@link #size}
   */
  public void send(long from, long to, HttpServletResponse response, Content content)
      throws IOException {
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    partial(new Range(from, to), response);
    copy(new Range(from, to), content, response);
  }

  private void partial(Range range, HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
    response.setHeader(
        HttpHeaders.CONTENT_RANGE, "bytes " + range.from + "-" + range.to + "/" + size);
    response.setContentLengthLong(range.length());
  }

  private static String rangeHeader(HttpServletRequest request, String etag) {
    var range = request.getHeader(HttpHeaders.RANGE);
    var onlyIf = request.getHeader(HttpHeaders.IF_RANGE);
    return range == null || (onlyIf != null && !onlyIf.equals(etag)) ? "" : range;
  }

  private @Nullable Range range(String first, String last) {
    if (first.isEmpty()) {
      var suffix = last.isEmpty() ? 0 : Math.min(number(last), size);
      return suffix == 0 ? null : new Range(size - suffix, size - 1);
    }
    var from = number(first);
    var to = last.isEmpty() ? size - 1 : Math.min(number(last), size - 1);
    return from > to ? null : new Range(from, to);
  }

  /** Beyond 18 digits it is beyond everything's end. */
  private static long number(String digits) {
    return digits.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static void copy(Range range, Content content, HttpServletResponse response)
      throws IOException {
    try (var in = content.open(range.from, range.length())) {
      var buffer = new byte[(int) Math.min(BUFFER, range.length())];
      for (var left = range.length(); left > 0; ) {
        var n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new IOException("the content ended " + left + " bytes early");
        }
        left -= n;
        if (!write(response, buffer, n)) {
          return;
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      if (response.isCommitted()) {
        throw new HalfSent(unreadable);
      }
      response.reset();
      throw unreadable;
    }
  }

  /** Writes, or says that the client has gone. */
  private static boolean write(HttpServletResponse response, byte[] buffer, int n) {
    try {
      response.getOutputStream().write(buffer, 0, n);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  /** Part of the answer is out: nothing may follow it, the connection has to be cut. */
  static final class HalfSent extends RuntimeException {
    private static final long serialVersionUID = 1;

    HalfSent(Exception cause) {
      super(cause);
    }
  }
}
