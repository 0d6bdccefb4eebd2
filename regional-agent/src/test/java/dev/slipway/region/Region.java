package dev.slipway.region;

import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Pass;
import dev.slipway.common.machine.PassRequest;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.swarm.PeerKey;
import dev.slipway.common.swarm.Swarm.Meeting;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** A regional agent as a whole, and machines that call it. */
@NullMarked
final class Region implements AutoCloseable {
  static final String SECRET = "a secret of at least thirty-two characters";
  static final HttpClient HTTP = HttpClient.newHttpClient();

  final Path dir;
  final Path bucket;
  private final String name;
  private final ServletWebServerApplicationContext context;

  Region(String name, Path folder, Home home, URI centre, String... more) {
    this(name, name, folder, home, centre, more);
  }

  /** One of a region's agents, with a folder of its own. */
  Region(String name, String agent, Path folder, Home home, URI centre, String... more) {
    this.name = name;
    this.dir = folder.resolve(agent);
    this.bucket = folder.resolve(name + "-bucket");
    var properties =
        new ArrayList<>(
            List.of(
                "server.port=0",
                "server.address=127.0.0.1",
                "slipway.region.name=" + name,
                "slipway.region.agent=" + agent,
                "slipway.region.dir=" + dir,
                "slipway.region.bucket=" + bucket.toUri(),
                "slipway.region.home-bucket=" + home.folder.toUri(),
                "slipway.region.replication-url=" + centre,
                "slipway.region.deploy-url=" + centre,
                "slipway.region.token=" + FakeCentre.TOKEN,
                "slipway.region.machine-secret=" + SECRET,
                "slipway.region.trusted-key-files=" + home.keyFile,
                "slipway.region.swarm-host=127.0.0.1",
                "slipway.region.swarm-port=0"));
    for (var property : more) {
      // Spring takes an argument given twice for a list
      properties.removeIf(p -> p.startsWith(property.substring(0, property.indexOf('=') + 1)));
      properties.add(property);
    }
    this.context =
        (ServletWebServerApplicationContext)
            RegionalAgentApplication.builder()
                .registerShutdownHook(false)
                .run(properties.stream().map(p -> "--" + p).toArray(String[]::new));
  }

  URI address() {
    return URI.create(
        "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  double count(String counter, String... tags) {
    var found = bean(MeterRegistry.class).find(counter).tags(tags).counter();
    return found == null ? 0 : found.count();
  }

  Path cached(Home.Build build) {
    return dir.resolve("cache").resolve(build.sha256().value());
  }

  Path artifact(Home.Build build) {
    return bucket.resolve(ArtifactNames.artifact(build.app(), build.sha256()));
  }

  boolean holds(Home.Build build) throws IOException {
    return Files.exists(artifact(build))
        && java.util.Arrays.equals(Files.readAllBytes(artifact(build)), build.bytes());
  }

  static String tokenOf(String machine) {
    return new MachineTokens(SECRET).tokenOf(new MachineId(machine));
  }

  HttpResponse<String> poll(String machine, String token, Poll poll)
      throws IOException, InterruptedException {
    return HTTP.send(request(machine, token, poll), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> pollLater(String machine, String token, Poll poll) {
    return HTTP.sendAsync(request(machine, token, poll), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String machine, String token, Poll poll) {
    return HttpRequest.newBuilder(address().resolve("/api/v1/machines/" + machine + "/poll"))
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(poll)))
        .build();
  }

  PollAnswer poll(String machine, Poll poll) throws IOException, InterruptedException {
    var answer = poll(machine, tokenOf(machine), poll);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return JsonMapper.shared().readValue(answer.body(), PollAnswer.class);
  }

  /** Asks for a pass. */
  HttpResponse<String> pass(URI address, String token, PassRequest asked)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(asked)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** How a machine meets in the swarm of what it was assigned. */
  Meeting meeting(String machine, Assignment assignment) throws IOException, InterruptedException {
    var key = PeerKey.generate();
    var publicKey = Base64.getEncoder().encodeToString(key.publicKey());
    var answer = pass(assignment.pass(), tokenOf(machine), new PassRequest("z1", publicKey));
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    var pass = JsonMapper.shared().readValue(answer.body(), Pass.class);
    // as a client that knows nothing of dealt pieces
    var announce = URI.create(pass.announce().toString().replaceFirst("[?].*", ""));
    var plain = new Meeting(List.of(announce), List.of());
    var root = pass.root();
    var certificate = pass.certificate();
    return root == null || certificate == null ? plain : plain.showing(key.with(root, certificate));
  }

  HttpResponse<byte[]> get(URI uri, String token, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Override
  public void close() {
    context.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
