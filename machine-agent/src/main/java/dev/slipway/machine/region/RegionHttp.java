package dev.slipway.machine.region;

import dev.slipway.common.problem.InvalidInput;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * HTTP to the region with this machine's token: every answer is bounded in time and size and
 * counted. Trying again is the caller's, who knows for how long it makes sense.
 */
public final class RegionHttp implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration HEADERS = Duration.ofSeconds(15);

  private final HttpClient http;
  private final String token;
  private final MeterRegistry meters;
  private final Throttle throttle = new Throttle();

  public RegionHttp(String token, MeterRegistry meters) {
    this(client(), token, meters);
  }

  /** As one of many machines in a process, which share a client. */
  public RegionHttp(HttpClient http, String token, MeterRegistry meters) {
    this.http = http;
    this.token = token;
    this.meters = meters;
  }

  /** A client as a machine has it; its thread is there until it is shut down. */
  public static HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  /**
   * Bounds what is read of large documents from now on, all together.
   *
   * @param bytesPerSecond 0 for no bound
   */
  public void limit(long bytesPerSecond) {
    throttle.limit(bytesPerSecond);
  }

  /**
   * Fetches a small document.
   *
   * @param call names it in the metric {@code slipway.machine.requests}
   * @param most bytes
   * @throws IOException when it cannot be had, is larger, or the answer is not 200
   */
  public byte[] get(String call, URI address, int most) throws IOException, InterruptedException {
    return whole(call, request(address).GET().build(), most, HEADERS);
  }

  /** As {@link #get}; empty where there is none. */
  public Optional<byte[]> find(String call, URI address, int most)
      throws IOException, InterruptedException {
    var response = answer(call, request(address).GET().build(), most, HEADERS);
    return response.statusCode() == 404 ? Optional.empty() : Optional.of(body(response));
  }

  /** Sends JSON; as {@link #get}, with {@code timeout} for the whole answer. */
  public byte[] post(String call, URI address, byte[] json, int most, Duration timeout)
      throws IOException, InterruptedException {
    var request =
        request(address)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(json))
            .build();
    return whole(call, request, most, timeout);
  }

  /**
   * Opens a large document from a byte on; the caller closes it and watches that it goes on.
   *
   * @throws IOException when the answer's head does not come in time
   */
  public HttpResponse<InputStream> open(URI address, long from)
      throws IOException, InterruptedException {
    var request = request(address).timeout(HEADERS);
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    var response = http.send(request.GET().build(), throttled());
    count("artifact", String.valueOf(response.statusCode()));
    return response;
  }

  /** Opens a range of a large document; as {@link #open(URI, long)}. */
  public HttpResponse<InputStream> open(URI address, long from, long length)
      throws IOException, InterruptedException {
    var request =
        request(address)
            .timeout(HEADERS)
            .header("Range", "bytes=%d-%d".formatted(from, from + length - 1));
    var response = http.send(request.GET().build(), throttled());
    count("range", String.valueOf(response.statusCode()));
    return response;
  }

  private BodyHandler<InputStream> throttled() {
    return head -> BodySubscribers.mapping(BodySubscribers.ofInputStream(), throttle::of);
  }

  private HttpRequest.Builder request(URI address) {
    InvalidInput.unless(
        "http".equals(address.getScheme()) || "https".equals(address.getScheme()),
        "address",
        "must be http or https");
    return HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token);
  }

  private byte[] whole(String call, HttpRequest request, int most, Duration timeout)
      throws IOException, InterruptedException {
    return body(answer(call, request, most, timeout));
  }

  private static byte[] body(HttpResponse<byte[]> response) throws IOException {
    if (response.statusCode() != 200) {
      throw new IOException(
          response.uri().getPath() + " answered " + response.statusCode() + said(response.body()));
    }
    return response.body();
  }

  private HttpResponse<byte[]> answer(String call, HttpRequest request, int most, Duration timeout)
      throws IOException, InterruptedException {
    var sent = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
    try {
      var response = await(sent, timeout);
      count(call, String.valueOf(response.statusCode()));
      return response;
    } catch (TimeoutException e) {
      count(call, "timeout");
      throw new IOException(
          request.uri().getHost() + " did not answer within " + timeout.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      count(call, "unreachable");
      throw new IOException(
          request.uri().getHost() + ":" + request.uri().getPort() + ": " + reason(e), e);
    } finally {
      sent.cancel(true);
    }
  }

  /** What a refusal says for people, where it says anything. */
  private static String said(byte[] problem) {
    try {
      var detail = JsonMapper.shared().readTree(problem).path("detail").asString("");
      return detail.isEmpty() ? "" : ": " + detail.substring(0, Math.min(detail.length(), 300));
    } catch (JacksonException e) {
      return "";
    }
  }

  private static <T> T await(CompletableFuture<T> sent, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String reason(ExecutionException e) {
    var cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private void count(String call, String outcome) {
    meters.counter("slipway.machine.requests", "call", call, "outcome", outcome).increment();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
