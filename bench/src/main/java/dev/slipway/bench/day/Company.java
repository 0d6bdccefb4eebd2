package dev.slipway.bench.day;

import dev.slipway.bench.Jars;
import dev.slipway.bench.workers.Member;
import dev.slipway.bench.workers.Postgres;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.artifact.SigningKey;
import dev.slipway.deploy.DeployServiceApplication;
import dev.slipway.queue.BuildQueueApplication;
import dev.slipway.reaper.HeartbeatReaperApplication;
import dev.slipway.region.RegionalAgentApplication;
import dev.slipway.replication.ReplicationCheckerApplication;
import dev.slipway.standalone.Ports;
import dev.slipway.worker.BuildWorkerApplication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The processes of an installation, each of the product's own: the global services, a regional
 * agent a region, workers. Buckets are folders.
 */
final class Company implements AutoCloseable {
  /** As heartbeat-reaper has it when nobody sets anything. */
  static final double LOST_SECONDS = 60;

  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xshare:auto",
          "-Xss512k");

  private final Path folder;
  private final Ports ports;
  private final String database;
  private final String admin = Secrets.random();
  private final String worker = Secrets.random();
  private final String regionToken = Secrets.random();
  private final String machineSecret = Secrets.random();
  private final Map<String, List<Member>> members = new LinkedHashMap<>();

  /** Starts nothing yet; the database has its tables. */
  Company(Path folder, Ports ports, Postgres postgres) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.ports = ports;
    this.database = postgres.url();
    var tokens = new TokenStore(JdbcClient.create(postgres.dataSource()));
    tokens.put("admin", Role.ADMIN, null, admin);
    tokens.put("workers", Role.WORKER, null, worker);
    for (var pair : List.of("builds", "targets")) {
      var keys = SigningKey.generate();
      Files.writeString(folder.resolve(pair + ".pem"), keys.privateKey());
      Files.writeString(folder.resolve(pair + ".pub.pem"), keys.publicKey());
    }
  }

  /** The services that there is one of. */
  void startServices() throws IOException {
    start(
        "deploy-service",
        DeployServiceApplication.class,
        256,
        withDatabase(
            ports.deployService(),
            "--slipway.deploy.target-key-file=" + folder.resolve("targets.pem"),
            "--slipway.deploy.target-public-key-file=" + folder.resolve("targets.pub.pem")));
    start(
        "build-queue-service",
        BuildQueueApplication.class,
        192,
        withDatabase(ports.buildQueueService(), "--slipway.queue.allow-file-repositories=true"));
    start(
        "heartbeat-reaper",
        HeartbeatReaperApplication.class,
        96,
        withDatabase(ports.heartbeatReaper()));
    start(
        "replication-checker",
        ReplicationCheckerApplication.class,
        192,
        withDatabase(
            ports.replicationChecker(),
            "--slipway.replication.url=" + local(ports.replicationChecker()),
            "--slipway.replication.announce-secret=" + Secrets.random()));
  }

  /** A region's agent; its token and its bucket are made with it. */
  void startRegion(int index, JdbcClient jdbc) throws IOException {
    var name = region(index);
    new TokenStore(jdbc).put("region-" + name, Role.REGION, name, regionToken + name);
    start(
        "regional agents",
        RegionalAgentApplication.class,
        128,
        List.of(
            "--server.port=" + ports.region(index),
            "--server.address=127.0.0.1",
            "--slipway.region.name=" + name,
            "--slipway.region.dir=" + folder.resolve("regions").resolve(name),
            "--slipway.region.bucket=" + bucket(name),
            "--slipway.region.home-bucket=" + bucket("home"),
            "--slipway.region.replication-url=" + local(ports.replicationChecker()),
            "--slipway.region.deploy-url=" + local(ports.deployService()),
            "--slipway.region.token=" + regionToken + name,
            "--slipway.region.machine-secret=" + machineSecret,
            "--slipway.region.trusted-key-files=" + folder.resolve("builds.pub.pem"),
            "--slipway.region.swarm-host=127.0.0.1",
            "--slipway.region.swarm-port=0"));
  }

  /** A process of workers. */
  void startWorker(int index, int slots) throws IOException {
    var name = "worker-" + index;
    start(
        "workers",
        BuildWorkerApplication.class,
        128,
        withDatabase(
            0,
            "--slipway.worker.name=" + name,
            "--slipway.worker.slots=" + slots,
            "--slipway.worker.dir=" + folder.resolve(name),
            "--slipway.worker.home-bucket=" + bucket("home"),
            "--slipway.worker.signing-key-file=" + folder.resolve("builds.pem"),
            "--slipway.worker.public-key-file=" + folder.resolve("builds.pub.pem"),
            "--slipway.worker.reaper-url=" + local(ports.heartbeatReaper()),
            "--slipway.worker.token=" + worker,
            "--slipway.worker.allow-file-repositories=true",
            "--slipway.worker.drain-grace=5m",
            "--slipway.worker.min-free-disk=1MB"));
  }

  private List<String> withDatabase(int port, String... settings) {
    var all = new ArrayList<>(List.of(settings));
    all.add("--server.port=" + port);
    all.add("--server.address=127.0.0.1");
    all.add("--spring.datasource.url=" + database);
    all.add("--spring.datasource.username=postgres");
    all.add("--spring.flyway.enabled=false");
    return all;
  }

  private void start(String role, Class<?> application, int heapMb, List<String> settings)
      throws IOException {
    var flags = new ArrayList<>(JVM);
    flags.add("-Xmx" + heapMb + "m");
    flags.add("--enable-native-access=ALL-UNNAMED");
    var same = members.computeIfAbsent(role, any -> new ArrayList<>());
    var name = role.replace(' ', '-') + "-" + same.size();
    same.add(
        new Member(
            name, Jars.command(application, flags, settings), folder.resolve(name + ".log")));
  }

  static String region(int index) {
    return "region-" + index;
  }

  URI bucket(String name) {
    return folder.resolve("buckets").resolve(name).toUri();
  }

  static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  String adminToken() {
    return admin;
  }

  String machineSecret() {
    return machineSecret;
  }

  Path folder() {
    return folder;
  }

  /** By what they are. */
  Map<String, List<Member>> members() {
    return members;
  }

  List<Member> workers() {
    return members.getOrDefault("workers", List.of());
  }

  List<Member> agents() {
    return members.getOrDefault("regional agents", List.of());
  }

  @Override
  public void close() {
    members.values().forEach(same -> same.forEach(Member::destroy));
  }
}
