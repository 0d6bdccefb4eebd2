package dev.slipway.bench.day;

import dev.slipway.bench.Samples;
import dev.slipway.bench.day.Schedule.Push;
import dev.slipway.common.access.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells of pushes as GitHub does, with a signature. A delivery that is not accepted is delivered
 * again; and of those that are, one in fifty all the same.
 */
final class Forge implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int TRIES = 30;
  private static final int ONCE_MORE_ONE_IN = 50;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI webhook;
  private final String secret;
  private final Repositories repositories;
  private final Random random = new Random(3);
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong again = new AtomicLong();
  private final Samples answerMillis = new Samples();

  Forge(URI queue, String secret, Repositories repositories) {
    this.webhook = queue.resolve("/webhooks/github");
    this.secret = secret;
    this.repositories = repositories;
  }

  /** Moves the branch and tells of it, without waiting for the answer. */
  void push(Push push) throws IOException {
    repositories.move(push);
    var twice = random.nextInt(ONCE_MORE_ONE_IN) == 0;
    Thread.ofVirtual().start(() -> tell(push, twice));
  }

  private void tell(Push push, boolean twice) {
    var request = request(push);
    try {
      for (var tries = 0; tries < TRIES; tries++) {
        if (deliver(request)) {
          accepted.incrementAndGet();
          if (twice) {
            TimeUnit.SECONDS.sleep(2);
            deliver(request);
            again.incrementAndGet();
          }
          return;
        }
        again.incrementAndGet();
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean deliver(HttpRequest request) throws InterruptedException {
    var begun = System.nanoTime();
    try {
      var status = http.send(request, BodyHandlers.discarding()).statusCode();
      synchronized (answerMillis) {
        answerMillis.add((System.nanoTime() - begun) / 1e6);
      }
      return status == 202;
    } catch (IOException lost) {
      return false;
    }
  }

  private HttpRequest request(Push push) {
    var payload = payload(push);
    return HttpRequest.newBuilder(webhook)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .header("X-GitHub-Event", "push")
        .header("X-GitHub-Delivery", UUID.randomUUID().toString())
        .header("X-Hub-Signature-256", "sha256=" + Secrets.hmac(secret, payload))
        .POST(HttpRequest.BodyPublishers.ofByteArray(payload))
        .build();
  }

  private byte[] payload(Push push) {
    var repository = repositories.path(push.app()).toString();
    return JsonMapper.shared()
        .writeValueAsBytes(
            Map.of(
                "ref",
                "refs/heads/master",
                "before",
                repositories.before(push),
                "after",
                repositories.commit(push),
                "created",
                push.number() == 0,
                "deleted",
                false,
                "forced",
                false,
                "repository",
                Map.of(
                    "full_name", "day/" + Repositories.name(push.app()), "clone_url", repository)));
  }

  /** Pushes that were answered with a build's number. */
  long accepted() {
    return accepted.get();
  }

  /** Deliveries that were not the first of their push. */
  long again() {
    return again.get();
  }

  /** How long answers took. */
  Samples answerMillis() {
    synchronized (answerMillis) {
      return answerMillis;
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
