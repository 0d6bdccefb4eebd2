package dev.slipway.bench.ha;

import dev.slipway.bench.Jars;
import dev.slipway.bench.deploy.Balancer;
import dev.slipway.bench.workers.Member;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.DeployServiceApplication;
import dev.slipway.queue.BuildQueueApplication;
import dev.slipway.reaper.HeartbeatReaperApplication;
import dev.slipway.replication.ReplicationCheckerApplication;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Ports;
import dev.slipway.standalone.Wait;
import dev.slipway.worker.BuildWorkerApplication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Two of every global service and two workers, each a process; one door a kind of service. */
final class Centre implements AutoCloseable {
  private static final List<String> JVM =
      List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
  private static final Duration LONGEST_START = Duration.ofMinutes(5);
  private static final int INSTANCES = 2;
  private static final int FIRST_WORKER_PORT = 14;

  /** A worker whose readiness can be asked for, in a folder of that name. */
  static final String FIRST_WORKER = "worker-1";

  private final Path folder;
  private final Ports ports;
  private final TokenStore tokens;
  private final String url;
  private final SigningKey.PemPair builds = SigningKey.generate();
  private final SigningKey.PemPair targets = SigningKey.generate();
  private final String admin = Secrets.random();
  private final Map<Kind, Balancer> doors = new HashMap<>();
  private final List<Member> members = new ArrayList<>();

  /** The services that are called. */
  enum Kind {
    DEPLOY(0, DeployServiceApplication.class),
    QUEUE(2, BuildQueueApplication.class),
    REAPER(4, HeartbeatReaperApplication.class),
    REPLICATION(6, ReplicationCheckerApplication.class);

    /** Of its instances' ports, counted from the base. */
    private final int first;

    private final Class<?> main;

    Kind(int first, Class<?> main) {
      this.first = first;
      this.main = main;
    }
  }

  /**
   * Starts all of it; ready a while later.
   *
   * @param url the database's, whose tables are there
   * @param tokens of that database
   */
  Centre(Path folder, Ports ports, String url, TokenStore tokens) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.ports = ports;
    this.url = url;
    this.tokens = tokens;
    write("builds", builds);
    write("targets", targets);
    var worker = Secrets.random();
    tokens.put("admin", Role.ADMIN, null, admin);
    tokens.put("workers", Role.WORKER, null, worker);
    try {
      for (var kind : Kind.values()) {
        doors.put(kind, new Balancer(instances(kind)));
      }
      for (var kind : Kind.values()) {
        for (var port : instances(kind)) {
          start(kind.main, kind + "-" + port, withPort(port, settings(kind)));
        }
      }
      for (var n = 1; n <= INSTANCES; n++) {
        var port = firstWorkerPort() + n - 1;
        start(BuildWorkerApplication.class, "worker-" + n, worker("worker-" + n, port, worker));
      }
    } catch (IOException failed) {
      close();
      throw failed;
    }
  }

  private void write(String name, SigningKey.PemPair pair) throws IOException {
    Files.writeString(folder.resolve(name + ".pem"), pair.privateKey());
    Files.writeString(folder.resolve(name + ".pub.pem"), pair.publicKey());
  }

  private List<Integer> instances(Kind kind) {
    var first = ports.base() + kind.first;
    return List.of(first, first + 1);
  }

  private Map<String, String> settings(Kind kind) {
    return switch (kind) {
      case DEPLOY ->
          Map.of(
              "slipway.deploy.target-key-file", folder.resolve("targets.pem").toString(),
              "slipway.deploy.target-public-key-file",
                  folder.resolve("targets.pub.pem").toString());
      case QUEUE -> Map.of("slipway.queue.allow-file-repositories", "true");
      case REAPER -> Map.of();
      case REPLICATION ->
          Map.of(
              "slipway.replication.url", address(Kind.REPLICATION).toString(),
              "slipway.replication.announce-secret", Secrets.sha256(admin));
    };
  }

  int firstWorkerPort() {
    return ports.base() + FIRST_WORKER_PORT;
  }

  private Map<String, String> worker(String name, int port, String token) {
    return withPort(
        port,
        Map.of(
            "slipway.worker.name",
            name,
            "slipway.worker.slots",
            "2",
            "slipway.worker.dir",
            folder.resolve(name).toString(),
            "slipway.worker.home-bucket",
            bucket("home").toString(),
            "slipway.worker.signing-key-file",
            folder.resolve("builds.pem").toString(),
            "slipway.worker.public-key-file",
            folder.resolve("builds.pub.pem").toString(),
            "slipway.worker.reaper-url",
            address(Kind.REAPER).toString(),
            "slipway.worker.token",
            token,
            "slipway.worker.allow-file-repositories",
            "true",
            "slipway.worker.min-free-disk",
            "1MB"));
  }

  private static Map<String, String> withPort(int port, Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.put("server.port", String.valueOf(port));
    return all;
  }

  private void start(Class<?> main, String name, Map<String, String> settings) throws IOException {
    var arguments = new ArrayList<String>();
    arguments.add("--server.address=127.0.0.1");
    arguments.add("--spring.datasource.url=" + url);
    arguments.add("--spring.datasource.username=postgres");
    settings.forEach((key, value) -> arguments.add("--" + key + "=" + value));
    members.add(
        new Member(name, Jars.command(main, JVM, arguments), folder.resolve(name + ".log")));
  }

  /** Waits until every instance listens. */
  void awaitAll() throws IOException, InterruptedException {
    for (var kind : Kind.values()) {
      for (var port : instances(kind)) {
        Wait.until(
            kind + " on port " + port,
            LONGEST_START,
            () -> Balancer.isListening(port) ? kind : null);
      }
    }
  }

  /** The worker besides the first. */
  Member otherWorker() {
    return members.getLast();
  }

  /** Whether every process is the one that was started. */
  boolean isWhole() {
    return members.stream().allMatch(Member::isAlive);
  }

  /** Where a kind of service is called. */
  URI address(Kind kind) {
    return Objects.requireNonNull(doors.get(kind)).address();
  }

  /** As an administrator calls it. */
  Api api(Kind kind) {
    return new Api(address(kind), admin);
  }

  String admin() {
    return admin;
  }

  /** A token for a region's agents. */
  String tokenOf(RegionName region) {
    var token = Secrets.random();
    tokens.put("region-" + region, Role.REGION, region.value(), token);
    return token;
  }

  /** A bucket, which is a folder here. */
  URI bucket(String name) {
    return folder.resolve("buckets").resolve(name).toUri();
  }

  Path publicKey() {
    return folder.resolve("builds.pub.pem");
  }

  Path targetKey() {
    return folder.resolve("targets.pub.pem");
  }

  @Override
  public void close() throws IOException {
    members.forEach(Member::destroy);
    for (var door : doors.values()) {
      door.close();
    }
  }
}
