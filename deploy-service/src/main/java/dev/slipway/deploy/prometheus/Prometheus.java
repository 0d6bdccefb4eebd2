package dev.slipway.deploy.prometheus;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks Prometheus for one number. An answer always comes, within some eight seconds: where there is
 * no number it says why. Each try is counted in {@code slipway.analysis.queries}.
 */
public final class Prometheus {
  private static final int TRIES = 2;
  private static final int PAUSE_MILLIS = 500;
  private static final int LARGEST = 64 << 10;
  private static final int LONGEST_PROBLEM = 200;

  private final @Nullable URI base;
  private final Duration timeout;
  private final MeterRegistry meters;
  private final HttpClient http;

  /**
   * @param base its address; none: nothing is answered
   * @param timeout of one try
   */
  public Prometheus(@Nullable URI base, Duration timeout, MeterRegistry meters) {
    this.base = base;
    this.timeout = timeout;
    this.meters = meters;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /** The number that a query gives just now. */
  public Answer ask(String query) throws InterruptedException {
    if (base == null) {
      return Answer.none("slipway.deploy.prometheus-url is not set");
    }
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    base.toString().replaceAll("/+$", "")
                        + "/api/v1/query?query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8)))
            .timeout(timeout)
            .build();
    for (var tries = 1; ; tries++) {
      var answer = ask(request);
      meters
          .counter("slipway.analysis.queries", "outcome", answer.value() == null ? "none" : "value")
          .increment();
      if (answer.value() != null || tries == TRIES) {
        return answer;
      }
      TimeUnit.MILLISECONDS.sleep(
          ThreadLocalRandom.current().nextInt(PAUSE_MILLIS / 2, PAUSE_MILLIS));
    }
  }

  private Answer ask(HttpRequest request) throws InterruptedException {
    // the request's own time-out ends with the headers: a body that trickles would last
    var response =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      return read(response.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException slow) {
      return Answer.none("Prometheus did not answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException failed) {
      return Answer.none(
          failed.getCause() instanceof IOException unreachable
              ? "Prometheus cannot be asked: " + cut(String.valueOf(unreachable.getMessage()))
              : "Prometheus cannot be asked");
    } finally {
      response.cancel(true);
    }
  }

  private static Answer read(HttpResponse<byte[]> response) {
    JsonNode body;
    try {
      body = JsonMapper.shared().readTree(response.body());
    } catch (JacksonException notJson) {
      return Answer.none("Prometheus answered " + response.statusCode() + " without JSON");
    }
    if (response.statusCode() != 200 || !body.path("status").asString("").equals("success")) {
      return Answer.none(
          "Prometheus answered %d: %s"
              .formatted(response.statusCode(), cut(body.path("error").asString("no reason"))));
    }
    return number(body.path("data"));
  }

  /** A scalar, or a vector of one series. */
  private static Answer number(JsonNode data) {
    var result = data.path("result");
    return switch (data.path("resultType").asString("")) {
      case "scalar" -> sample(result);
      case "vector" ->
          result.size() == 1
              ? sample(result.path(0).path("value"))
              : Answer.none("the query gave " + result.size() + " series; it must give one");
      default -> Answer.none("the query must give a number");
    };
  }

  /** Time and value, the value as text. */
  private static Answer sample(JsonNode sample) {
    var text = sample.path(1).asString("");
    return switch (text) {
      case "+Inf" -> Answer.of(Double.POSITIVE_INFINITY);
      case "-Inf" -> Answer.of(Double.NEGATIVE_INFINITY);
      default -> {
        try {
          yield Answer.of(Double.parseDouble(text));
        } catch (NumberFormatException notANumber) {
          yield Answer.none("the answer is not a number");
        }
      }
    };
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_PROBLEM ? text : text.substring(0, LONGEST_PROBLEM) + "…";
  }
}
