package dev.slipway.common.trace;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that took its time on a commit's way.
 *
 * @param place its own
 * @param parent the id of the span that it is a part of; none for a trace's first
 * @param service who did it, which need not be who tells of it
 * @param attributes by their names, as {@code slipway.app}
 * @param problem why it did not go well; none where it did
 */
public record Span(
    TraceParent place,
    @Nullable String parent,
    String service,
    String name,
    Instant from,
    Instant until,
    Map<String, String> attributes,
    @Nullable String problem) {
  public Span {
    // clocks of two hosts may differ by more than it took
    until = until.isBefore(from) ? from : until;
    attributes = Map.copyOf(attributes);
  }

  /** A part of another span, named in its trace by what it is. */
  public static Span of(
      TraceParent parent, String service, String name, Instant from, Instant until) {
    return new Span(
        parent.child(name), parent.spanId(), service, name, from, until, Map.of(), null);
  }

  /** The same, with an attribute more. */
  public Span with(String attribute, Object value) {
    var more = new LinkedHashMap<>(attributes);
    more.put(attribute, value.toString());
    return new Span(place, parent, service, name, from, until, more, problem);
  }

  /** The same, gone wrong for a reason; as it is where there is none. */
  public Span failed(@Nullable String reason) {
    return new Span(place, parent, service, name, from, until, attributes, reason);
  }
}
