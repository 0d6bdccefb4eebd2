package dev.slipway.common.trace;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Spans in OpenTelemetry's protocol, OTLP, as its JSON. */
final class Otlp {
  private static final int INTERNAL = 1;
  private static final int ERROR = 2;

  private Otlp() {}

  /** The body of one request: the spans by the services that they are of. */
  static byte[] request(List<Span> spans) {
    var byService = spans.stream().collect(Collectors.groupingBy(Span::service));
    var resources =
        byService.entrySet().stream()
            .map(of ->
                Map.of(
                    "resource", Map.of("attributes", List.of(text("service.name", of.getKey()))),
                    "scopeSpans",
                        List.of(
                            Map.of(
                                "scope", Map.of("name", "slipway"),
                                "spans", of.getValue().stream().map(Otlp::span).toList()))))
            .toList();
    return JsonMapper.shared().writeValueAsBytes(Map.of("resourceSpans", resources));
  }

  private static Map<String, Object> span(Span span) {
    var json = new LinkedHashMap<String, Object>();
    json.put("traceId", span.place().traceId());
    json.put("spanId", span.place().spanId());
    if (span.parent() != null) {
      json.put("parentSpanId", span.parent());
    }
    json.put("name", span.name());
    json.put("kind", INTERNAL);
    json.put("startTimeUnixNano", nanos(span.from()));
    json.put("endTimeUnixNano", nanos(span.until()));
    json.put(
        "attributes",
        span.attributes().entrySet().stream().map(a -> text(a.getKey(), a.getValue())).toList());
    if (span.problem() != null) {
      json.put("status", Map.of("code", ERROR, "message", span.problem()));
    }
    return json;
  }

  /** As a text: the protocol's JSON has 64-bit numbers so. */
  private static String nanos(Instant time) {
    return String.valueOf(time.getEpochSecond() * 1_000_000_000L + time.getNano());
  }

  private static Map<String, Object> text(String key, String value) {
    return Map.of("key", key, "value", Map.of("stringValue", value));
  }
}
