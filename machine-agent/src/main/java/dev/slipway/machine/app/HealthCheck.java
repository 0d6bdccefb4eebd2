package dev.slipway.machine.app;

import dev.slipway.common.recipe.RunRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Finds out whether a fresh process is well. */
public final class HealthCheck implements AutoCloseable {
  private static final Duration TRIAL = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  /**
   * Waits until the process is well: until its health address answers 2xx, or, without one, until
   * it has lived for a second.
   *
   * @param superseded whether nobody wants to know any more; asked between looks
   * @return why it is not
   */
  Optional<String> await(
      AppProcess process, RunRecipe.@Nullable Health health, int port, BooleanSupplier superseded)
      throws IOException, InterruptedException, Superseded {
    var started = System.nanoTime();
    var within = health == null ? TRIAL : health.within();
    var last = "no answer";
    for (var pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(pause * 3 / 2, LONGEST_PAUSE_MILLIS)) {
      if (health != null) {
        last = ask(health.http().replace("{port}", Integer.toString(port)));
      }
      if (!process.isAlive()) {
        return Optional.of("the app ended before it was healthy; app.log may say why");
      }
      if (last.isEmpty()) {
        return Optional.empty();
      }
      if (System.nanoTime() - started >= within.toNanos()) {
        return health == null
            ? Optional.empty()
            : Optional.of(
                "the app was not healthy within %d s: %s".formatted(within.toSeconds(), last));
      }
      if (superseded.getAsBoolean()) {
        throw new Superseded();
      }
      TimeUnit.MILLISECONDS.sleep(pause);
    }
  }

  /** Empty when it is well, else what was wrong. */
  private String ask(String address) throws InterruptedException {
    try {
      var uri = URI.create(address);
      if (!"http".equals(uri.getScheme()) || !LOCAL.contains(String.valueOf(uri.getHost()))) {
        return "its health address is not http on localhost";
      }
      var request = HttpRequest.newBuilder(uri).timeout(ANSWER).GET().build();
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      response.body().close();
      return response.statusCode() / 100 == 2 ? "" : "it answered " + response.statusCode();
    } catch (IOException e) {
      return e.getMessage() == null ? "it does not answer" : e.getMessage();
    } catch (IllegalArgumentException e) {
      return "its health address is no URL";
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
