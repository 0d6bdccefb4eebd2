package dev.slipway.standalone;

import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.DeployServiceApplication;
import dev.slipway.queue.BuildQueueApplication;
import dev.slipway.reaper.HeartbeatReaperApplication;
import dev.slipway.region.RegionalAgentApplication;
import dev.slipway.replication.ReplicationCheckerApplication;
import dev.slipway.worker.BuildWorkerApplication;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * The settings of every service of an installation: what an operator would write in files, for the
 * embedded default.
 */
final class Services {
  private final Path data;
  private final Ports ports;
  private final Keys keys;
  private final String databaseUrl;

  Services(Path data, Ports ports, Keys keys, String databaseUrl) {
    this.data = data;
    this.ports = ports;
    this.keys = keys;
    this.databaseUrl = databaseUrl;
  }

  /** A service that is ready to start. */
  record Service(String name, Supplier<SpringApplicationBuilder> builder, List<String> arguments) {}

  Service deployService() {
    return service(
        "deploy-service",
        DeployServiceApplication::builder,
        ports.deployService(),
        withDatabase(
            Map.of(
                "slipway.deploy.target-key-file",
                keys.targetKeyFile().toString(),
                "slipway.deploy.target-public-key-file",
                keys.targetPublicKeyFile().toString(),
                // all that there is is on this host
                "slipway.webhooks.allowed-hosts",
                "127.0.0.1,localhost",
                "slipway.webhooks.console-url",
                local(ports.deployService()).toString(),
                described("deploy-service"),
                local(ports.deployService()).toString(),
                described("build-queue-service"),
                local(ports.buildQueueService()).toString(),
                described("heartbeat-reaper"),
                local(ports.heartbeatReaper()).toString(),
                described("replication-checker"),
                local(ports.replicationChecker()).toString(),
                described("regional-agent"),
                local(ports.region(0)).toString())));
  }

  private static String described(String service) {
    return "slipway.reference.services." + service;
  }

  Service buildQueueService() {
    return service(
        "build-queue-service",
        BuildQueueApplication::builder,
        ports.buildQueueService(),
        withDatabase(Map.of("slipway.queue.allow-file-repositories", "true")));
  }

  Service heartbeatReaper() {
    return service(
        "heartbeat-reaper",
        HeartbeatReaperApplication::builder,
        ports.heartbeatReaper(),
        withDatabase(
            Map.of(
                "slipway.reaper.heartbeat-interval",
                "3s",
                "slipway.reaper.timeout",
                "15s",
                "slipway.reaper.pass-interval",
                "2s")));
  }

  Service replicationChecker() throws IOException {
    return service(
        "replication-checker",
        ReplicationCheckerApplication::builder,
        ports.replicationChecker(),
        withDatabase(
            Map.of(
                "slipway.replication.url", local(ports.replicationChecker()).toString(),
                "slipway.replication.announce-secret", keys.secret("announce"),
                "slipway.retention.enabled", "true",
                "slipway.retention.home-bucket", homeBucket().toString())));
  }

  Service worker(int index) throws IOException {
    var name = "worker-" + (index + 1);
    return service(
        "build-" + name,
        BuildWorkerApplication::builder,
        ports.worker(index),
        withDatabase(
            Map.of(
                "slipway.worker.name", name,
                "slipway.worker.dir", folder(name).toString(),
                "slipway.worker.home-bucket", homeBucket().toString(),
                "slipway.worker.signing-key-file", keys.signingKeyFile().toString(),
                "slipway.worker.public-key-file", keys.publicKeyFile().toString(),
                "slipway.worker.reaper-url", local(ports.heartbeatReaper()).toString(),
                "slipway.worker.token", keys.secret("worker"),
                "slipway.worker.allow-file-repositories", "true",
                "slipway.worker.drain-grace", "5s")));
  }

  Service regionalAgent(RegionName region, int index) throws IOException {
    var port = ports.region(index);
    return service(
        "regional-agent-" + region,
        RegionalAgentApplication::builder,
        port,
        Map.ofEntries(
            Map.entry("slipway.region.name", region.value()),
            Map.entry("slipway.region.url", local(port).toString()),
            Map.entry("slipway.region.dir", folder("regions/" + region).toString()),
            Map.entry("slipway.region.bucket", bucket(region).toString()),
            Map.entry("slipway.region.home-bucket", homeBucket().toString()),
            Map.entry(
                "slipway.region.replication-url", local(ports.replicationChecker()).toString()),
            Map.entry("slipway.region.deploy-url", local(ports.deployService()).toString()),
            Map.entry("slipway.region.token", keys.secret("region-" + region)),
            Map.entry("slipway.region.machine-secret", keys.secret("machines-" + region)),
            Map.entry("slipway.region.trusted-key-files", keys.publicKeyFile().toString()),
            Map.entry("slipway.region.swarm-host", "127.0.0.1"),
            Map.entry("slipway.region.swarm-port", "0")));
  }

  URI homeBucket() throws IOException {
    return folder("buckets/home").toUri();
  }

  URI bucket(RegionName region) throws IOException {
    return folder("buckets/" + region).toUri();
  }

  Path folder(String name) throws IOException {
    return Files.createDirectories(data.resolve(name));
  }

  static URI local(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private Map<String, String> withDatabase(Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.put("spring.datasource.url", databaseUrl);
    all.put("spring.datasource.username", "postgres");
    // the schema is brought up to date once, before any service starts
    all.put("spring.flyway.enabled", "false");
    return all;
  }

  private Service service(
      String name,
      Supplier<SpringApplicationBuilder> builder,
      int port,
      Map<String, String> settings) {
    var arguments = new ArrayList<String>();
    arguments.add("--server.port=" + port);
    arguments.add("--server.address=127.0.0.1");
    settings.forEach((key, value) -> arguments.add("--" + key + "=" + value));
    return new Service(name, builder, arguments);
  }
}
