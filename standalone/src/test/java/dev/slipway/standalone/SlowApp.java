package dev.slipway.standalone;

import dev.slipway.common.access.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;

/** An app with one commit, whose every build waits until the test lets it go. */
@NullMarked
final class SlowApp {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String name;
  private final Path folder;
  private final Api queue;

  private SlowApp(String name, Path folder, Api queue) {
    this.name = name;
    this.folder = folder;
    this.queue = queue;
  }

  /** Registers the app and pushes its commit. */
  static SlowApp push(Processes processes, String name) throws IOException, InterruptedException {
    var folder = Files.createDirectories(processes.folder().resolve(name));
    var secret = Secrets.random();
    var repository =
        SampleRepository.create(folder, processes.queue().resolve("/webhooks/github"), secret);
    repository.replace("slipway.yml", "  command: |\n", "  command: |\n" + waiting(folder));
    var queue = new Api(processes.queue(), processes.adminToken());
    queue.put(
        "/api/v1/apps/" + name,
        Map.of("repository", repository.address(), "webhookSecret", secret));
    repository.push("Say hello slowly");
    return new SlowApp(name, folder, queue);
  }

  /**
   * Says that it is there, then waits for its turn; for five minutes at most, as slipway.yml says.
   */
  private static String waiting(Path folder) {
    return """
        echo $$ >> '%1$s/started'
        turn=$(wc -l < '%1$s/started')
        tries=0
        until [ -e "%1$s/go-$turn" ] || [ $tries -gt 3000 ]; do tries=$((tries + 1)); sleep 0.1; done
    """
        .formatted(folder);
  }

  String name() {
    return name;
  }

  /** The job as it is now. */
  JsonNode job() throws IOException, InterruptedException {
    var id = queue.get("/api/v1/jobs?app=" + name).path("jobs").path(0).path("id").asLong();
    return queue.get("/api/v1/jobs/" + id);
  }

  /** Waits until a worker has the job in an attempt; the worker's name. */
  String awaitTaken(int attempt) throws IOException, InterruptedException {
    return Wait.until(
        "a worker that takes " + name + " in attempt " + attempt,
        PATIENCE,
        () -> {
          var job = job();
          var isTaken =
              job.path("attempt").asInt() == attempt
                  && "RUNNING".equals(job.path("status").asString());
          return isTaken ? job.path("worker").asString() : null;
        });
  }

  /** Waits until the build command runs for the nth time; its process. */
  long awaitStarted(int turn) throws IOException, InterruptedException {
    var started = folder.resolve("started");
    return Wait.until(
        "the build command of " + name + ", time " + turn,
        PATIENCE,
        () -> {
          var lines = Files.exists(started) ? Files.readAllLines(started) : List.<String>of();
          return lines.size() < turn ? null : Long.valueOf(lines.get(turn - 1));
        });
  }

  /** Lets the build command that was the nth to start go on. */
  void letGo(int turn) throws IOException {
    Files.createFile(folder.resolve("go-" + turn));
  }

  /** Waits for the job's end. */
  JsonNode awaitEnd() throws IOException, InterruptedException {
    return Wait.until(
        "the end of " + name,
        PATIENCE,
        () -> {
          var job = job();
          return Set.of("QUEUED", "RUNNING").contains(job.path("status").asString()) ? null : job;
        });
  }
}
