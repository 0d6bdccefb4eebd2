package dev.slipway.bench.ha;

import dev.slipway.common.access.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Somebody pushes all the time, and their forge tells of each push until it is taken; and somebody
 * looks at the console's figures all the time.
 */
final class Traffic implements AutoCloseable {
  private static final Duration PACE = Duration.ofMillis(1_500);
  private static final Duration AGAIN = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Repository repository;
  private final URI webhook;
  private final String secret;
  private final HttpRequest look;
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Thread pusher = Thread.ofPlatform().daemon().name("pusher").unstarted(this::push);
  private final Thread looker = Thread.ofPlatform().daemon().name("looker").unstarted(this::look);
  private volatile boolean open = true;
  private volatile boolean pushing = true;
  private volatile @Nullable Exception failed;

  /**
   * A push that was accepted.
   *
   * @param asked when the delivery that was accepted began, by {@link System#nanoTime}
   * @param seconds that it took
   */
  record Taken(String commit, long asked, double seconds) {}

  /** A call of the API. */
  record Call(long asked, double seconds, int status) {}

  /**
   * Begins.
   *
   * @param webhook where pushes are told to
   * @param look a call that needs the database
   */
  Traffic(Repository repository, URI webhook, String secret, URI look, String token) {
    this.repository = repository;
    this.webhook = webhook;
    this.secret = secret;
    this.look =
        HttpRequest.newBuilder(look)
            .timeout(LONGEST_CALL)
            .header("Authorization", "Bearer " + token)
            .build();
    pusher.start();
    looker.start();
  }

  List<Taken> taken() {
    return List.copyOf(taken);
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Whether a push was taken that was told of after a moment. */
  boolean tookSince(long nanos) {
    return taken.stream().anyMatch(push -> push.asked() - nanos > 0);
  }

  private void push() {
    try {
      while (pushing) {
        deliver(repository.push());
        TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      failed = e;
    }
  }

  /** Until it is taken: forges deliver again, or somebody presses their button that does. */
  private void deliver(Repository.Push push) throws InterruptedException {
    var body =
        JsonMapper.shared()
            .writeValueAsBytes(
                Map.of(
                    "ref", "refs/heads/master",
                    "before", push.before(),
                    "after", push.after(),
                    "repository", Map.of("clone_url", repository.address())));
    var delivery =
        HttpRequest.newBuilder(webhook)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "push")
            .header("X-GitHub-Delivery", UUID.randomUUID().toString())
            .header("X-Hub-Signature-256", "sha256=" + Secrets.hmac(secret, body))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    while (open) {
      var call = call(delivery);
      if (call.status() == 202) {
        taken.add(new Taken(push.after(), call.asked(), call.seconds()));
        return;
      }
      TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
    }
  }

  private void look() {
    try {
      while (open) {
        calls.add(call(look));
        TimeUnit.NANOSECONDS.sleep(AGAIN.toNanos());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** A call, with status 0 where nobody answered. */
  private Call call(HttpRequest request) throws InterruptedException {
    var asked = System.nanoTime();
    var status = 0;
    try {
      status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException nobody) {
      // so says the status
    }
    return new Call(asked, (System.nanoTime() - asked) / 1e9, status);
  }

  /**
   * Ends it, once what was pushed is taken.
   *
   * @throws IOException when it had come to its end before
   */
  void end() throws IOException, InterruptedException {
    pushing = false;
    pusher.join();
    close();
    var why = failed;
    if (why != null) {
      throw new IOException("nobody could push any more", why);
    }
  }

  @Override
  public void close() {
    open = false;
    pusher.interrupt();
    looker.interrupt();
    var interrupted = false;
    for (var thread : List.of(pusher, looker)) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
