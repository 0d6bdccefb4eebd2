package dev.slipway.standalone;

import dev.slipway.common.access.Secrets;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** An app of one commit that runs on every machine and says which process it is. */
@NullMarked
final class RestingApp {
  private static final String NAME = "resting";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Where it runs, and what it says there. */
  private record Place(URI address, String answer) {}

  private final List<Place> places = new ArrayList<>();

  private RestingApp() {}

  /** Pushes its commit and waits until all machines run it. */
  static RestingApp start(Processes processes) throws IOException, InterruptedException {
    var secret = Secrets.random();
    var webhook = processes.queue().resolve("/webhooks/github");
    var repository = SampleRepository.create(processes.folder().resolve(NAME), webhook, secret);
    new Api(processes.queue(), processes.adminToken())
        .put(
            "/api/v1/apps/" + NAME,
            Map.of("repository", repository.address(), "webhookSecret", secret));
    repository.replace("slipway.yml", "auto: false", "auto: true");
    repository.replace("Hello.java", "GREETING +", "ProcessHandle.current().pid() +");
    repository.push("Say which process this is");
    var app = new RestingApp();
    for (var machine = 0; machine < processes.size().machines(); machine++) {
      var index = machine;
      app.places.add(
          Wait.until(NAME + " on machine " + machine, PATIENCE, () -> place(processes, index)));
    }
    return app;
  }

  private static @Nullable Place place(Processes processes, int machine) {
    try {
      var address = processes.app(machine, NAME);
      return new Place(address, answer(address));
    } catch (IOException | JacksonException notYet) {
      return null;
    }
  }

  /**
   * Asks every machine's.
   *
   * @throws IOException when one does not answer, or is another process than it was
   */
  void requireSame() throws IOException {
    for (var place : places) {
      var answer = answer(place.address());
      if (!answer.equals(place.answer())) {
        throw new IOException(place + " answers " + answer);
      }
    }
  }

  private static String answer(URI address) throws IOException {
    try {
      return read(address);
    } catch (IOException failed) {
      throw new IOException(NAME + " at " + address, failed);
    }
  }

  private static String read(URI address) throws IOException {
    var call = (HttpURLConnection) address.toURL().openConnection();
    call.setConnectTimeout(10_000);
    call.setReadTimeout(10_000);
    try (var in = call.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
