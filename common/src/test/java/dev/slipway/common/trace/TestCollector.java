package dev.slipway.common.trace;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Collects traces as an OpenTelemetry collector does, by OTLP's JSON over HTTP; what is not of that
 * form is answered 400.
 */
@NullMarked
public final class TestCollector implements AutoCloseable {
  private static final Set<String> FIELDS =
      Set.of(
          "traceId",
          "spanId",
          "parentSpanId",
          "name",
          "kind",
          "startTimeUnixNano",
          "endTimeUnixNano",
          "attributes",
          "status");

  private final HttpServer server;
  private final List<Received> spans = new CopyOnWriteArrayList<>();

  /** How many of the next requests are answered 503. */
  public final AtomicInteger refusals = new AtomicInteger();

  /** A span as it came. */
  public record Received(
      String traceId,
      String spanId,
      @Nullable String parent,
      String service,
      String name,
      Instant from,
      Instant until,
      Map<String, String> attributes,
      boolean failed) {}

  public TestCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(
                answer(exchange.getRequestHeaders().getFirst("Content-Type"), body), -1);
          }
        });
    server.start();
  }

  private int answer(@Nullable String type, byte[] body) {
    if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return 503;
    }
    try {
      if (!"application/json".equals(type)) {
        return 415;
      }
      take(JsonMapper.shared().readTree(body));
      return 200;
    } catch (RuntimeException notOfTheForm) {
      return 400;
    }
  }

  private void take(JsonNode request) {
    for (var resource : request.required("resourceSpans")) {
      var service =
          attributes(resource.required("resource").required("attributes")).get("service.name");
      for (var scope : resource.required("scopeSpans")) {
        for (var span : scope.required("spans")) {
          spans.add(span(String.valueOf(service), span));
        }
      }
    }
  }

  private static Received span(String service, JsonNode span) {
    require(FIELDS.containsAll(span.propertyNames()));
    var traceId = span.required("traceId").stringValue();
    var spanId = span.required("spanId").stringValue();
    require(traceId.matches("[0-9a-f]{32}") && spanId.matches("[0-9a-f]{16}"));
    var parent = span.path("parentSpanId").stringValue(null);
    require(parent == null || parent.matches("[0-9a-f]{16}"));
    require(span.required("kind").isInt());
    return new Received(
        traceId,
        spanId,
        parent,
        service,
        span.required("name").stringValue(),
        time(span.required("startTimeUnixNano")),
        time(span.required("endTimeUnixNano")),
        attributes(span.required("attributes")),
        span.path("status").path("code").asInt(0) == 2);
  }

  private static Instant time(JsonNode nanos) {
    return Instant.ofEpochSecond(0, Long.parseLong(nanos.stringValue()));
  }

  private static Map<String, String> attributes(JsonNode list) {
    var attributes = new HashMap<String, String>();
    for (var attribute : list) {
      attributes.put(
          attribute.required("key").stringValue(),
          attribute.required("value").required("stringValue").stringValue());
    }
    return attributes;
  }

  private static void require(boolean so) {
    if (!so) {
      throw new IllegalArgumentException("not OTLP");
    }
  }

  /** What services are given as {@code slipway.tracing.endpoint}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces");
  }

  /** All that came, in the order in which it did. */
  public List<Received> spans() {
    return List.copyOf(spans);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
