package dev.slipway.client.call;

import dev.slipway.common.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** One of the services, called with somebody's token. A refusal is a {@link Problem}. */
public final class Service {
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final int LARGEST_ANSWER = 32 << 20;
  private static final int LARGEST_PAGE = 200;

  private final String name;
  private final URI base;
  private final String token;
  private final Http http = new Http();

  /**
   * @param name as people know it
   * @param token printable ASCII
   */
  public Service(String name, URI base, String token) {
    this.name = name;
    this.base = base;
    this.token = token;
  }

  public String name() {
    return name;
  }

  public URI base() {
    return base;
  }

  /** Reads. */
  public JsonNode get(Object path) throws IOException, InterruptedException {
    return json(request(path).GET().build());
  }

  public JsonNode put(Object path, Object body) throws IOException, InterruptedException {
    return json(request(path).PUT(publisher(body)).build());
  }

  /** Under a key of its own, so that another try does not do it again. */
  public JsonNode post(Object path, Object body) throws IOException, InterruptedException {
    return json(
        request(path).header(Http.KEY, UUID.randomUUID().toString()).POST(publisher(body)).build());
  }

  /**
   * A list that comes in pages, up to {@code most}.
   *
   * @param query without {@code after} and {@code limit}
   * @param list the page's key of the list, beside {@code next}
   */
  public List<JsonNode> list(Query query, String list, int most)
      throws IOException, InterruptedException {
    var found = new ArrayList<JsonNode>();
    var first = query.with("limit", Math.min(most, LARGEST_PAGE));
    var page = get(first);
    page.path(list).forEach(found::add);
    while (found.size() < most && page.hasNonNull("next")) {
      page = get(first + "&after=" + Query.encoded(page.path("next").asString()));
      page.path(list).forEach(found::add);
    }
    return found.subList(0, Math.min(most, found.size()));
  }

  /** Reads a text as it comes; the answer is to be closed. */
  public HttpResponse<InputStream> open(Object path, String... headers)
      throws IOException, InterruptedException {
    var request = request(path).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    var response = send(request.build());
    if (response.statusCode() >= 400) {
      throw refusal(response.statusCode(), read(response));
    }
    return response;
  }

  /** Asks without a token, and tells what came: a service answers even where it is not well. */
  public HttpResponse<InputStream> health() throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(resolved("/actuator/health")).timeout(ANSWER).build());
  }

  private HttpRequest.Builder request(Object path) {
    return HttpRequest.newBuilder(resolved(path))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json");
  }

  /** Below the path of the address, if it has one. */
  private URI resolved(Object path) {
    return URI.create(base.toString().replaceAll("/+$", "") + path);
  }

  private static BodyPublisher publisher(Object body) {
    return BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(body));
  }

  private HttpResponse<InputStream> send(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return http.send(request);
    } catch (IOException unreachable) {
      throw new Unreachable(name, base, unreachable);
    }
  }

  private JsonNode json(HttpRequest request) throws IOException, InterruptedException {
    var response = send(request);
    var body = read(response);
    if (response.statusCode() >= 400) {
      throw refusal(response.statusCode(), body);
    }
    if (body.length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException notJson) {
      throw new IOException(base + " does not answer as " + name + " does: is the address right?");
    }
  }

  private byte[] read(HttpResponse<InputStream> response) throws IOException {
    try (var body = response.body()) {
      var bytes = body.readNBytes(LARGEST_ANSWER + 1);
      if (bytes.length > LARGEST_ANSWER) {
        throw new IOException(name + " answers more than 32 MiB");
      }
      return bytes;
    } catch (IOException brokeOff) {
      throw new Unreachable(name, base, brokeOff);
    }
  }

  private Problem refusal(int status, byte[] body) {
    var code = "http-" + status;
    var detail = "%s at %s answers %d".formatted(name, base, status);
    try {
      var problem = JsonMapper.shared().readTree(new String(body, StandardCharsets.UTF_8));
      code = problem.path("code").asString(code);
      detail = problem.path("detail").asString(detail);
    } catch (JacksonException notAProblemDetail) {
      // a proxy in between answers with pages of its own: the status has to do
    }
    return new Problem(
        status,
        code,
        status == 401
            ? "%s does not accept your token; sign in anew with slipway login".formatted(base)
            : detail);
  }
}
