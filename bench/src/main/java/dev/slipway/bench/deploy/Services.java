package dev.slipway.bench.deploy;

import dev.slipway.bench.Jars;
import dev.slipway.bench.workers.Member;
import dev.slipway.bench.workers.Postgres;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.deploy.DeployServiceApplication;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Ports;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The centre: PostgreSQL, and two deploy-services behind a balancer. */
final class Services implements AutoCloseable {
  private static final List<String> JVM =
      List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
  private static final Duration LONGEST_START = Duration.ofMinutes(3);

  private final Postgres postgres;
  private final List<Integer> ports;
  private final Balancer door;
  private final Path targetKey;
  private final String admin = Secrets.random();
  private final List<Member> instances = new ArrayList<>();

  /**
   * Starts the instances.
   *
   * @param postgres has its tables
   * @param folder for their keys and what they print
   */
  Services(Postgres postgres, Ports ports, Path folder) throws IOException {
    this.postgres = postgres;
    this.ports = List.of(ports.deployService(), ports.buildQueueService());
    this.door = new Balancer(this.ports);
    Files.createDirectories(folder);
    var pair = SigningKey.generate();
    this.targetKey = Files.writeString(folder.resolve("targets.pub.pem"), pair.publicKey());
    var privateKey = Files.writeString(folder.resolve("targets.pem"), pair.privateKey());
    for (var port : this.ports) {
      var settings =
          List.of(
              "--server.port=" + port,
              "--server.address=127.0.0.1",
              "--spring.datasource.url=" + postgres.url(),
              "--spring.datasource.username=postgres",
              "--slipway.deploy.target-key-file=" + privateKey,
              "--slipway.deploy.target-public-key-file=" + targetKey,
              "--slipway.deploy.admin-token=" + admin);
      var name = "deploy-service-" + port;
      instances.add(
          new Member(
              name,
              Jars.command(DeployServiceApplication.class, JVM, settings),
              folder.resolve(name + ".log")));
    }
  }

  /** Another way to the instances, whose user closes it. */
  Balancer way() throws IOException {
    return new Balancer(ports);
  }

  /** The file with the key that targets are checked with. */
  Path targetKey() {
    return targetKey;
  }

  /** As a person would call them. */
  Api api() {
    return new Api(door.address(), admin);
  }

  /** Starts again whoever is not there; waits until both listen. */
  void awaitAll() throws IOException, InterruptedException {
    ensure();
    Wait.until(
        "both deploy-services",
        LONGEST_START,
        () -> listening().size() == instances.size() ? instances : null);
  }

  void ensure() throws IOException {
    for (var instance : instances) {
      instance.ensure();
    }
  }

  /** Those that can be called now. */
  List<Member> listening() {
    return IntStream.range(0, instances.size())
        .filter(n -> Balancer.isListening(ports.get(n)))
        .mapToObj(instances::get)
        .toList();
  }

  /** Ends all of it, PostgreSQL too. */
  void stop() throws IOException {
    instances.forEach(Member::destroy);
    postgres.stop();
  }

  /** After {@link #stop}; waits until all of it is there. */
  void restart() throws IOException, InterruptedException {
    postgres.restart();
    awaitAll();
  }

  @Override
  public void close() throws IOException {
    instances.forEach(Member::destroy);
    door.close();
  }
}
