package dev.slipway.standalone;

import dev.slipway.common.access.Secrets;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.JsonNode;

/** An app of a test: its repository, and what the APIs say of it. */
@NullMarked
final class TestApp {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> ENDED = List.of("SUCCEEDED", "FAILED", "CANCELLED");

  final String name;
  final SampleRepository repository;
  final String webhookSecret;
  private final TestInstallation installation;

  private TestApp(
      TestInstallation installation,
      String name,
      SampleRepository repository,
      String webhookSecret) {
    this.installation = installation;
    this.name = name;
    this.repository = repository;
    this.webhookSecret = webhookSecret;
  }

  static TestApp register(TestInstallation installation, String name)
      throws IOException, InterruptedException {
    var secret = Secrets.random();
    var standalone = installation.standalone();
    var repository =
        SampleRepository.create(
            installation.folder("repositories").resolve(name),
            standalone.queue().resolve("/webhooks/github"),
            secret);
    var app = new TestApp(installation, name, repository, secret);
    app.queue()
        .put(
            "/api/v1/apps/" + name,
            Map.of("repository", repository.address(), "webhookSecret", secret));
    return app;
  }

  private Standalone standalone() {
    return installation.standalone();
  }

  Api queue() throws IOException {
    return new Api(standalone().queue(), standalone().adminToken());
  }

  Api deploy() throws IOException {
    return new Api(standalone().console(), standalone().adminToken());
  }

  Api replication() throws IOException {
    return new Api(standalone().replication(), standalone().adminToken());
  }

  Journey journey() throws IOException {
    return new Journey(
        standalone(),
        name,
        new Teller(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)));
  }

  /** Pushes with this slipway.yml. */
  String pushRecipe(String yaml) throws IOException, InterruptedException {
    repository.write("slipway.yml", yaml);
    return repository.push("Change slipway.yml");
  }

  List<JsonNode> jobs() throws IOException, InterruptedException {
    return Journey.each(queue().get("/api/v1/jobs?app=" + name).path("jobs")).toList();
  }

  /** The job of a commit, as soon as it is in one of the states. */
  JsonNode job(String commit, List<String> states) throws IOException, InterruptedException {
    return Wait.until(
        "a job of " + commit + " that is " + states,
        PATIENCE,
        () ->
            jobs().stream()
                .filter(job -> commit.equals(job.path("commit").asString()))
                .filter(job -> states.contains(job.path("status").asString()))
                .findFirst()
                .orElse(null));
  }

  /** The job of a commit, when it has ended. */
  JsonNode ended(String commit) throws IOException, InterruptedException {
    return job(commit, ENDED);
  }

  /** The build of a commit, when every region has its copy. */
  long replicated(String commit) throws IOException, InterruptedException {
    var build = journey().awaitBuild(commit);
    journey().awaitReplicas(build);
    return build;
  }

  /** A build's log as it is. */
  String log(long build) throws IOException, InterruptedException {
    return text(standalone().queue().resolve("/api/v1/jobs/" + build + "/log"));
  }

  private String text(URI address) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(address)
              .timeout(Duration.ofSeconds(10))
              .header("Authorization", "Bearer " + standalone().adminToken())
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  /** What the fleet call says of a region's machines. */
  List<JsonNode> machines(RegionName region) throws IOException, InterruptedException {
    return Journey.each(deploy().get("/api/v1/apps/" + name + "/fleet"))
        .filter(machine -> region.value().equals(machine.path("region").asString()))
        .toList();
  }

  /** Whether all of a region's machines run a build and are well. */
  boolean runsIn(RegionName region, long build) throws IOException, InterruptedException {
    var machines = machines(region);
    return machines.size() == standalone().size().machinesARegion()
        && machines.stream()
            .allMatch(m ->
                m.path("running").asLong(0) == build
                    && "RUNNING".equals(m.path("state").asString("")));
  }

  /** Where a machine keeps a build's release. */
  Path release(MachineId machine, long build) {
    return standalone()
        .machineFolder(machine)
        .resolve("apps")
        .resolve(name)
        .resolve("releases")
        .resolve(Long.toString(build));
  }
}
