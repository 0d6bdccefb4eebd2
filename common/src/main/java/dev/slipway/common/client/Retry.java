package dev.slipway.common.client;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Tries a call up to three times when the other side cannot be reached or answers 502, 503 or 504;
 * counts every try.
 */
final class Retry implements ClientHttpRequestInterceptor {
  private static final int TRIES = 3;
  private static final int FIRST_PAUSE_MILLIS = 100;

  private final String api;
  private final MeterRegistry meters;

  Retry(String api, MeterRegistry meters) {
    this.api = api;
    this.meters = meters;
  }

  @Override
  public ClientHttpResponse intercept(
      HttpRequest request, byte[] body, ClientHttpRequestExecution execution) throws IOException {
    for (var tries = 1; ; tries++) {
      try {
        var response = execution.execute(request, body);
        count(String.valueOf(response.getStatusCode().value()));
        if (tries == TRIES || !isPassing(response.getStatusCode().value())) {
          return response;
        }
        response.close();
      } catch (InterruptedIOException timedOutOrStopped) {
        count("timeout");
        throw timedOutOrStopped;
      } catch (IOException unreachable) {
        count("unreachable");
        if (tries == TRIES) {
          throw unreachable;
        }
      }
      pause(tries);
    }
  }

  private static boolean isPassing(int status) {
    return status >= 502 && status <= 504;
  }

  private void count(String outcome) {
    meters.counter("slipway.client.requests", "api", api, "outcome", outcome).increment();
  }

  private static void pause(int tries) throws InterruptedIOException {
    var longest = FIRST_PAUSE_MILLIS << tries;
    try {
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(longest / 2, longest));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while waiting to try again");
    }
  }
}
