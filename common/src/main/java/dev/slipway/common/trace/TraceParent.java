package dev.slipway.common.trace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * A span's place in its trace, in the form of W3C's {@code traceparent} header. A commit's is kept
 * with its job: the span of its push, under which all others are.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param recorded whether the span is told to somebody who collects traces; its children are only
 *     where it is
 */
public record TraceParent(String traceId, String spanId, boolean recorded) {
  /** The header that it comes and goes with. */
  public static final String HEADER = "traceparent";

  private static final String TRACE_ID = "traceId";
  private static final String SPAN_ID = "spanId";
  private static final HexFormat HEX = HexFormat.of();

  /** What it may look like; what versions after 00 add at the end is passed over. */
  public static final Pattern FORM =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.{0,200})?");

  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);

  /** A new trace, and its first span. */
  public static TraceParent start(boolean recorded) {
    var random = new SplittableRandom();
    return new TraceParent(
        HEX.toHexDigits(nonZero(random)) + HEX.toHexDigits(nonZero(random)),
        HEX.toHexDigits(nonZero(random)),
        recorded);
  }

  // the standard calls all zeros invalid
  private static long nonZero(SplittableRandom random) {
    return random.nextLong(1, Long.MAX_VALUE);
  }

  /** Reads a header or a column; empty where it is none, or not valid. */
  public static Optional<TraceParent> parse(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    var parts = FORM.matcher(text);
    if (!parts.matches()
        || text.startsWith("ff")
        || (text.startsWith("00") && parts.group(4) != null)
        || parts.group(1).equals(NO_TRACE)
        || parts.group(2).equals(NO_SPAN)) {
      return Optional.empty();
    }
    var recorded = (Integer.parseInt(parts.group(3), 16) & 1) == 1;
    return Optional.of(new TraceParent(parts.group(1), parts.group(2), recorded));
  }

  /** The same, where what is not valid is none: nothing depends on it but spans and log lines. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static @Nullable TraceParent orNone(@Nullable String text) {
    return parse(text).orElse(null);
  }

  /** Another span of this trace, of any name. */
  public TraceParent fresh(boolean recorded) {
    return new TraceParent(traceId, start(recorded).spanId, recorded);
  }

  /**
   * The span of this trace by that name: whoever derives it, and however often, it is the same. So
   * one service can name the parent that another tells of.
   *
   * @param name unique in the trace, as {@code build/1}
   */
  public TraceParent child(String name) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var bytes =
          digest.digest((traceId + "/" + spanId + "/" + name).getBytes(StandardCharsets.UTF_8));
      // never all zeros
      bytes[0] |= 1;
      return new TraceParent(traceId, HEX.formatHex(bytes, 0, 8), recorded);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Lets the log lines of this thread carry a span's ids, by the names that Spring Boot uses, until
   * it is closed; then they are as before.
   *
   * @param place none: changes nothing
   */
  public static InLogs inLogs(@Nullable TraceParent place) {
    var before = new InLogs(MDC.get(TRACE_ID), MDC.get(SPAN_ID));
    if (place != null) {
      put(place.traceId, place.spanId);
    }
    return before;
  }

  private static void put(@Nullable String traceId, @Nullable String spanId) {
    if (traceId == null || spanId == null) {
      MDC.remove(TRACE_ID);
      MDC.remove(SPAN_ID);
    } else {
      MDC.put(TRACE_ID, traceId);
      MDC.put(SPAN_ID, spanId);
    }
  }

  /** What log lines carried before. */
  public static final class InLogs implements AutoCloseable {
    private final @Nullable String traceId;
    private final @Nullable String spanId;

    private InLogs(@Nullable String traceId, @Nullable String spanId) {
      this.traceId = traceId;
      this.spanId = spanId;
    }

    @Override
    public void close() {
      put(traceId, spanId);
    }
  }

  /** As the header says it. */
  @Override
  @JsonValue
  public String toString() {
    return "00-" + traceId + "-" + spanId + (recorded ? "-01" : "-00");
  }
}
