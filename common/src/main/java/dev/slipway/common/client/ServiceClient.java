package dev.slipway.common.client;

import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes clients of other services from their {@code @HttpExchange} contracts: with time-outs,
 * bounded retries with jitter, metrics, and refusals as {@link Problem}. Every call of Slipway's
 * contracts may be repeated, so all are retried.
 */
public final class ServiceClient {
  private static final int LARGEST_PROBLEM = 10_000;

  private ServiceClient() {}

  /**
   * A client of {@code api}.
   *
   * @param base the service's address
   * @param token sent as bearer token
   * @param readTimeout of one try; above the longest wait of a long-poll
   */
  public static <T> T of(
      Class<T> api, URI base, String token, Duration readTimeout, MeterRegistry meters) {
    return of(api, base, token, readTimeout, meters, ClientTls.none());
  }

  /**
   * A client of {@code api}, as above.
   *
   * @param tls what it shows and whom it believes where {@code base} is https
   */
  public static <T> T of(
      Class<T> api,
      URI base,
      String token,
      Duration readTimeout,
      MeterRegistry meters,
      ClientTls tls) {
    var client =
        RestClient.builder()
            .baseUrl(base.toString())
            .requestFactory(tls.requests(readTimeout))
            .defaultHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token)
            .requestInterceptor(new Retry(api.getSimpleName(), meters))
            .defaultStatusHandler(HttpStatusCode::isError, ServiceClient::refuse)
            .build();
    return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
        .build()
        .createClient(api);
  }

  private static void refuse(HttpRequest request, ClientHttpResponse response) throws IOException {
    var status = response.getStatusCode().value();
    var code = "http-" + status;
    var detail = request.getURI().getPath() + " answered " + status;
    try {
      JsonNode problem =
          JsonMapper.shared().readTree(response.getBody().readNBytes(LARGEST_PROBLEM));
      code = problem.path("code").asString(code);
      detail = problem.path("detail").asString(detail);
    } catch (JacksonException notAProblemDetail) {
      // a proxy in between answers with pages of its own: the status has to do
    }
    throw new Problem(status, code, detail);
  }
}
