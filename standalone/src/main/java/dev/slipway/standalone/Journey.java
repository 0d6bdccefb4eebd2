package dev.slipway.standalone;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Follows one commit from its push to the last machine through the public APIs, telling each stage
 * as it is reached.
 */
public final class Journey {
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final List<String> ENDED = List.of("SUCCEEDED", "FAILED", "CANCELLED");

  private final Reach installation;
  private final String app;
  private final Teller teller;
  private final Api queue;
  private final Api deploy;
  private final Api replication;

  /** A journey that tells its stages to {@code teller}. */
  public Journey(Reach installation, String app, Teller teller) throws IOException {
    this.installation = installation;
    this.app = app;
    this.teller = teller;
    this.queue = new Api(installation.queue(), installation.adminToken());
    this.deploy = new Api(installation.console(), installation.adminToken());
    this.replication = new Api(installation.replication(), installation.adminToken());
  }

  /** Waits for a commit's build to succeed and returns its number. */
  public long awaitBuild(String commit) throws IOException, InterruptedException {
    var id = Wait.until("the webhook's job", () -> jobOf(commit)).path("id").asLong();
    teller.tell("queued", "build #%d of commit %s".formatted(id, abbreviated(commit)));
    var taken =
        Wait.until(
            "a worker",
            () -> job(id, Stream.concat(Stream.of("RUNNING"), ENDED.stream()).toList()));
    teller.tell("building", "on " + taken.path("worker").asString("?"));
    var ended = Wait.until("the build", () -> job(id, ENDED));
    if (!"SUCCEEDED".equals(ended.path("status").asString())) {
      throw new IOException(
          "build #%d ended as %s: %s"
              .formatted(id, ended.path("status").asString(), ended.path("failure").asString("")));
    }
    teller.tell(
        "published",
        "%,d bytes, SHA-256 %s"
            .formatted(
                ended.path("sizeBytes").asLong(), abbreviated(ended.path("sha256").asString())));
    return id;
  }

  /** Waits until every region's copy is verified. */
  public void awaitReplicas(long build) throws IOException, InterruptedException {
    Wait.until(
        "the copies",
        () -> {
          var states =
              each(replication.get("/api/v1/jobs/" + build + "/replicas"))
                  .map(r ->
                      r.path("region").asString()
                          + " "
                          + r.path("status").asString().toLowerCase(Locale.ROOT))
                  .collect(Collectors.joining(", "));
          teller.tellOnce("replicating", states);
          return queue.get("/api/v1/jobs/" + build).path("replicatedAt").isString() ? states : null;
        });
    teller.tell("replicated", "every region's copy was read back and matches");
  }

  /** Presses the button. */
  public void pressDeploy(long build) throws IOException, InterruptedException {
    deploy.post("/api/v1/deployments", Map.of("app", app, "build", build));
    teller.tell("deploy", "the button was pressed for build #" + build);
  }

  /** Waits until every machine runs the build and its app answers with the commit. */
  public void awaitMachines(long build, String commit) throws IOException, InterruptedException {
    var all = installation.size().machines();
    Wait.until(
        "the machines",
        () -> {
          var fleet = deploy.get("/api/v1/apps/" + app + "/fleet");
          teller.tellOnce("machines", Fleet.counts(fleet, build));
          return Fleet.running(fleet, build) == all ? fleet : null;
        });
    Wait.until("the deployment's end", () -> isDone(build) ? build : null);
    for (var machine = 0; machine < all; machine++) {
      // after a restart what machines reported before may still stand
      var address = installation.app(machine, app);
      Wait.until(
          "the app at %s to answer with commit %s".formatted(address, commit),
          ANSWER,
          () -> Fleet.answers(address, commit) ? commit : null);
    }
    teller.tell(
        "running",
        "all %d machines answer on their ports with commit %s".formatted(all, abbreviated(commit)));
  }

  /** Seconds a stage, and bytes into each region. */
  public void summarise(long build) throws IOException, InterruptedException {
    var total = 0.0;
    for (var stage : deploy.get("/api/v1/builds/" + build + "/timeline").path("stages")) {
      total += stage.path("seconds").asDouble(0);
      teller.line(
          "  %-14s %8.2f s"
              .formatted(stage.path("name").asString(), stage.path("seconds").asDouble(0)));
    }
    teller.line("  %-14s %8.2f s".formatted("in all", total));
    var size = queue.get("/api/v1/jobs/" + build).path("sizeBytes").asLong();
    for (var replica : replication.get("/api/v1/jobs/" + build + "/replicas")) {
      var moved = replica.path("movedBytes").asLong(0);
      teller.line(
          "  into %-9s %,8d bytes, %.2f × the artifact"
              .formatted(
                  replica.path("region").asString(), moved, size == 0 ? 0 : (double) moved / size));
    }
  }

  private @Nullable JsonNode jobOf(String commit) throws IOException, InterruptedException {
    return each(queue.get("/api/v1/jobs?app=" + app).path("jobs"))
        .filter(j -> commit.equals(j.path("commit").asString("")))
        .findFirst()
        .orElse(null);
  }

  private @Nullable JsonNode job(long id, List<String> states)
      throws IOException, InterruptedException {
    var job = queue.get("/api/v1/jobs/" + id);
    return states.contains(job.path("status").asString()) ? job : null;
  }

  private boolean isDone(long build) throws IOException, InterruptedException {
    return each(deploy.get("/api/v1/deployments?app=" + app).path("deployments"))
        .anyMatch(d ->
            d.path("build").asLong() == build && "SUCCEEDED".equals(d.path("status").asString()));
  }

  static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static String abbreviated(String hash) {
    return hash.substring(0, Math.min(12, hash.length()));
  }
}
