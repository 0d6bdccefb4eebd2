package dev.slipway.deploy.webhook;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Posts to receivers. Redirects are not followed, and of an answer no more than its beginning is
 * read: receivers are strangers.
 */
final class Sender implements AutoCloseable {
  private static final Timeout CONNECT = Timeout.ofSeconds(3);
  private static final int LARGEST_ANSWER = 1_000;
  private static final int LONGEST_PROBLEM = 300;

  private final CloseableHttpClient http;
  private final Duration timeout;
  private final Clock clock;

  /**
   * @param timeout of one call, name, connection and answer included
   */
  Sender(Destinations destinations, Duration timeout, Clock clock) {
    this.timeout = timeout;
    this.clock = clock;
    this.http =
        HttpClients.custom()
            .setConnectionManager(connections(destinations, timeout))
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setResponseTimeout(Timeout.of(timeout))
                    .setConnectionRequestTimeout(Timeout.of(timeout))
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .setUserAgent("slipway")
            .build();
  }

  private static HttpClientConnectionManager connections(
      Destinations destinations, Duration timeout) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(destinations)
        .setMaxConnTotal(100)
        .setMaxConnPerRoute(10)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(CONNECT)
                .setSocketTimeout(Timeout.of(timeout))
                .setTimeToLive(Timeout.ofMinutes(1))
                .build())
        .build();
  }

  /** Sends a body once. */
  Reply send(URI url, String secret, String eventId, byte[] body) {
    var now = clock.instant();
    var post = new HttpPost(url);
    Map.of(
            "webhook-id", eventId,
            "webhook-timestamp", String.valueOf(now.getEpochSecond()),
            "webhook-signature", Signature.of(secret, eventId, now, body))
        .forEach(post::setHeader);
    post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    // a socket's time-out begins anew with every byte
    var end =
        CompletableFuture.runAsync(
            post::cancel,
            CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS));
    try (var answer = http.executeOpen(null, post, null)) {
      return reply(answer);
    } catch (IOException | IllegalArgumentException e) {
      return new Reply(null, post.isCancelled() ? "it took too long" : reason(e.getMessage()));
    } finally {
      end.cancel(false);
    }
  }

  private static Reply reply(ClassicHttpResponse answer) throws IOException {
    var status = answer.getCode();
    if (status / 100 == 2) {
      return new Reply(status, null);
    }
    var entity = answer.getEntity();
    var text =
        entity == null
            ? ""
            : new String(entity.getContent().readNBytes(LARGEST_ANSWER), StandardCharsets.UTF_8);
    return new Reply(status, "it answered " + status + " " + reason(text));
  }

  private static String reason(@Nullable String text) {
    var line = String.valueOf(text).replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]+", " ").strip();
    return line.substring(0, Math.min(line.length(), LONGEST_PROBLEM));
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
