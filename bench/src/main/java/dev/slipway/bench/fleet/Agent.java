package dev.slipway.bench.fleet;

import dev.slipway.bench.Jars;
import dev.slipway.bench.Launched;
import dev.slipway.bench.machine.Bucket;
import dev.slipway.common.region.RegionName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A regional agent: its executable jar in a process of its own, which can be restarted. */
final class Agent implements AutoCloseable {
  private final List<String> command;
  private final URI address;
  private Launched process;

  /** What all regional agents of a run have in common. */
  record Centre(
      URI replication, URI deploy, Bucket bucket, Path trustedKey, String machineSecret) {}

  private Agent(List<String> command, URI address, Launched process) {
    this.command = command;
    this.address = address;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param flags the JVM's
   * @param folder its own
   * @param token of its region
   */
  static Agent start(
      Centre centre, RegionName region, int port, List<String> flags, Path folder, String token)
      throws IOException, InterruptedException {
    var command = command(centre, region, port, flags, folder, token);
    return new Agent(command, URI.create("http://127.0.0.1:" + port), launch(command));
  }

  private static List<String> command(
      Centre centre, RegionName region, int port, List<String> flags, Path folder, String token)
      throws IOException {
    var arguments = new ArrayList<String>();
    arguments.add("--server.port=" + port);
    arguments.add("--server.address=127.0.0.1");
    arguments.add("--slipway.region.name=" + region);
    arguments.add("--slipway.region.dir=" + folder);
    arguments.add("--slipway.region.bucket=" + centre.bucket().folder().toUri());
    arguments.add("--slipway.region.home-bucket=" + centre.bucket().folder().toUri());
    arguments.add("--slipway.region.replication-url=" + centre.replication());
    arguments.add("--slipway.region.deploy-url=" + centre.deploy());
    arguments.add("--slipway.region.token=" + token);
    arguments.add("--slipway.region.machine-secret=" + centre.machineSecret());
    arguments.add("--slipway.region.trusted-key-files=" + centre.trustedKey());
    arguments.add("--slipway.region.swarm-host=127.0.0.1");
    arguments.add("--slipway.region.swarm-port=0");
    return Jars.command("regional-agent", flags, arguments);
  }

  private static Launched launch(List<String> command) throws IOException, InterruptedException {
    return Launched.start(command, "Started RegionalAgentApplication");
  }

  URI address() {
    return address;
  }

  ProcessHandle handle() {
    return process.handle();
  }

  void requireAlive() throws IOException {
    process.requireAlive();
  }

  /** Ends it in good order, and starts it again at once. */
  void restart() throws IOException, InterruptedException {
    process.close();
    process = launch(command);
  }

  /**
   * How many machines it has heard since it started, by its own metric; -1 when it does not say.
   */
  long machines() throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(address.resolve("/actuator/prometheus"))
              .timeout(Duration.ofSeconds(10))
              .build();
      return http.send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("slipway_machines"))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (HttpTimeoutException tooBusy) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
