package dev.slipway.client.call;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests: with time-outs, and up to three tries with jitter where another try can do no
 * harm. Redirects are not followed, so a token goes to nobody but whom it is meant for.
 */
final class Http {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final int TRIES = 3;
  private static final int FIRST_PAUSE_MILLIS = 100;

  /** With it a call that is sent again is answered again and not done again. */
  static final String KEY = "Idempotency-Key";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  /** Sends; whatever the answer's status is, it is returned. */
  HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
    var repeatable =
        !request.method().equals("POST") || request.headers().firstValue(KEY).isPresent();
    for (var tries = 1; ; tries++) {
      try {
        var response = client.send(request, BodyHandlers.ofInputStream());
        if (tries == TRIES || !repeatable || !isPassing(response.statusCode())) {
          return response;
        }
        response.body().close();
      } catch (ConnectException | HttpConnectTimeoutException notEvenSent) {
        if (tries == TRIES) {
          throw notEvenSent;
        }
      } catch (HttpTimeoutException waitedLongEnough) {
        throw waitedLongEnough;
      } catch (IOException brokeOff) {
        if (tries == TRIES || !repeatable) {
          throw brokeOff;
        }
      }
      pause(tries);
    }
  }

  private static boolean isPassing(int status) {
    return status == 429 || (status >= 502 && status <= 504);
  }

  private static void pause(int tries) throws InterruptedException {
    var longest = FIRST_PAUSE_MILLIS << tries;
    TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(longest / 2, longest));
  }
}
