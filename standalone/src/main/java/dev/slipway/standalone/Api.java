package dev.slipway.standalone;

import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls a service's API as a person would, with a bearer token. */
public final class Api {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI base;
  private final String token;

  public Api(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /** Reads; a refusal is a {@link Problem}. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  /** Reads what is plain text. */
  public String text(String path) throws IOException, InterruptedException {
    var response = http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    refuse(response, JsonMapper.shared().createObjectNode());
    return response.body();
  }

  public JsonNode put(String path, Object body) throws IOException, InterruptedException {
    return send(request(path).PUT(json(body)).build());
  }

  public JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return send(request(path).POST(json(body)).build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  private static HttpRequest.BodyPublisher json(Object body) {
    return BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(body));
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    var response = http.send(request, HttpResponse.BodyHandlers.ofString());
    JsonNode body;
    try {
      body = JsonMapper.shared().readTree(response.body());
    } catch (JacksonException notJson) {
      body = JsonMapper.shared().createObjectNode();
    }
    refuse(response, body);
    return body;
  }

  private static void refuse(HttpResponse<String> response, JsonNode body) {
    if (response.statusCode() >= 400) {
      throw new Problem(
          response.statusCode(),
          body.path("code").asString("http-" + response.statusCode()),
          response.request().uri().getPath() + ": " + body.path("detail").asString("refused"));
    }
  }
}
