package dev.slipway.common.blob;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.NullMarked;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request, at first without its body. The path's parts and the query are decoded, header names
 * lower-case.
 */
@NullMarked
@SuppressWarnings("ArrayRecordComponent") // never compared
record FakeGcsCall(
    String method,
    List<String> path,
    Map<String, String> query,
    Map<String, String> headers,
    byte[] body) {
  private static final int MAX_BODY = 64 << 20;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  static FakeGcsCall head(HttpExchange exchange) {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    var uri = exchange.getRequestURI();
    return new FakeGcsCall(
        exchange.getRequestMethod(),
        Arrays.stream(uri.getRawPath().substring(1).split("/")).map(FakeGcsCall::decoded).toList(),
        query(Optional.ofNullable(uri.getRawQuery()).orElse("")),
        Map.copyOf(headers),
        new byte[0]);
  }

  /** The same with its body, read whole. */
  FakeGcsCall whole(HttpExchange exchange) throws IOException {
    return with(body(exchange, headers));
  }

  FakeGcsCall with(byte[] other) {
    return new FakeGcsCall(method, path, query, headers, other);
  }

  /** The body, which is JSON or nothing. */
  JsonNode json() {
    return JSON.readTree(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body);
  }

  /** The same without conditions, for what they do not mean. */
  FakeGcsCall without() {
    return new FakeGcsCall(method, path, Map.of(), headers, body);
  }

  /** The metadata of an object in the body, which replaces all that there is. */
  Optional<Map<String, String>> metadata() {
    return Optional.ofNullable(json().get("metadata"))
        .map(node -> JSON.convertValue(node, new TypeReference<Map<String, String>>() {}));
  }

  /** A text in the body. */
  Optional<String> text(String field) {
    return Optional.ofNullable(json().get(field)).map(JsonNode::stringValue);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  boolean isChunk() {
    return method.equals("PUT")
        && query.containsKey("upload_id")
        && header("content-length").map(Long::parseLong).orElse(0L) > 0;
  }

  boolean isDownload() {
    return method.equals("GET") && "media".equals(query.get("alt"));
  }

  private static byte[] body(HttpExchange exchange, Map<String, String> headers)
      throws IOException {
    var in = exchange.getRequestBody();
    var zipped = "gzip".equals(headers.get("content-encoding"));
    return (zipped ? new GZIPInputStream(in) : in).readNBytes(MAX_BODY);
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    for (var pair : raw.split("&", -1)) {
      var at = pair.indexOf('=');
      if (at > 0) {
        query.put(
            pair.substring(0, at),
            URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return Map.copyOf(query);
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
