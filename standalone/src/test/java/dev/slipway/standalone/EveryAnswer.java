package dev.slipway.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.json.JsonMapper;

/** What a service answers to every read of its own description, and to its probes. */
@NullMarked
final class EveryAnswer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Which have no end. */
  private static final String EVENTS = "text/event-stream";

  private static final List<String> PROBES =
      List.of("/actuator/health", "/actuator/prometheus", "/openapi");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> values;

  /**
   * @param values what stands for the variables of paths
   */
  EveryAnswer(Map<String, String> values) {
    this.values = values;
  }

  /** Headers and bodies by address; with a token and, the same, without. */
  Map<String, String> of(URI service, String token) throws IOException, InterruptedException {
    var answers = new TreeMap<String, String>();
    for (var path : paths(service, token)) {
      for (var each : List.of(token, "")) {
        var address = service.resolve(path);
        var answer = get(address, each);
        answers.put(
            address + (each.isEmpty() ? " without a token" : ""),
            answer.headers().map() + "\n" + answer.body());
      }
    }
    return answers;
  }

  private List<String> paths(URI service, String token) throws IOException, InterruptedException {
    var paths = new ArrayList<>(PROBES);
    var openapi = JsonMapper.shared().readTree(get(service.resolve("/openapi"), token).body());
    for (var path : openapi.path("paths").properties()) {
      var filled = fill(path.getKey());
      var get = path.getValue().path("get");
      if (get.isObject() && !filled.contains("{") && !get.toString().contains(EVENTS)) {
        paths.add(filled);
      }
    }
    return paths;
  }

  private String fill(String path) {
    var filled = path;
    for (var value : values.entrySet()) {
      filled = filled.replace("{" + value.getKey() + "}", value.getValue());
    }
    return filled;
  }

  private HttpResponse<String> get(URI address, String token)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(address).timeout(PATIENCE);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
