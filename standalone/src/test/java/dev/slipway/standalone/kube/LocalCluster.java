package dev.slipway.standalone.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.common.region.RegionName;
import dev.slipway.standalone.FreePorts;
import dev.slipway.standalone.ServiceProcess;
import dev.slipway.standalone.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs pods of manifests on this host, one of each, each container's process by its module's jar:
 * with the environment and arguments that the manifest says, but addresses, paths and buckets of
 * this host, and ports that are free.
 */
final class LocalCluster implements Variables.Cluster, AutoCloseable {
  static final String NODE = "node-7";
  static final String ZONE = "eu-west-b";

  /** What pods each have for themselves, and processes of one host do not: addresses and ports. */
  private static final Map<String, String> SHARED =
      Map.of(
          "SERVER_ADDRESS", "127.0.0.1",
          "SLIPWAY_REGION_SWARMHOST", "127.0.0.1",
          "SLIPWAY_REGION_SWARMPORT", "0");

  private final View view;
  private final Path folder;
  private final Neighbours neighbours;
  private final Map<String, Integer> ports;
  private final Map<String, Map<String, String>> secrets = new HashMap<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();

  /**
   * An empty one.
   *
   * @param database JDBC address of what stands for the one that manifests name
   */
  LocalCluster(View view, Path folder, String database) throws IOException {
    this.view = view;
    this.folder = folder;
    var free = FreePorts.find(new Size(List.of(new RegionName("one")), 1, 1));
    this.ports =
        Map.of(
            "deploy-service", free.deployService(),
            "build-queue-service", free.buildQueueService(),
            "heartbeat-reaper", free.heartbeatReaper(),
            "replication-checker", free.replicationChecker(),
            "build-worker", free.worker(0),
            "regional-agent", free.region(0));
    this.neighbours = new Neighbours(view, ports, this::bucket, database);
  }

  /** The folder that stands for a bucket. */
  URI bucket(String name) {
    try {
      return Files.createDirectories(folder.resolve("buckets").resolve(name)).toUri();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@code kubectl create secret}, before the pods that name it. */
  void secret(String name, Map<String, String> values) {
    secrets.put(name, values);
  }

  @Override
  public @Nullable String secret(String name, String key) {
    return secrets.getOrDefault(name, Map.of()).get(key);
  }

  @Override
  public @Nullable String field(String path) {
    return switch (path) {
      case "metadata.name" -> "pod-0";
      case "metadata.namespace" -> "slipway";
      case "status.podIP" -> "127.0.0.1";
      case "spec.nodeName" -> NODE;
      case "metadata.labels['topology.kubernetes.io/zone']" -> ZONE;
      default -> null;
    };
  }

  /** Starts the first pod of a workload: its init containers to their end, then its own. */
  Pod start(String name) throws IOException, InterruptedException {
    var workload =
        view.workloads().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    var files =
        PodFiles.make(
            folder.resolve("volumes").resolve(name),
            view,
            workload,
            secret -> secrets.getOrDefault(secret, Map.of()));
    for (var container : workload.pod().path("initContainers")) {
      initialise(files, container);
    }
    var container = workload.pod().at("/containers/0");
    if (workload.isMachine()) {
      settle(files, container);
    }
    var arguments = Manifest.each(container.path("args")).map(a -> here(files, container, a));
    var process =
        ServiceProcess.start(
            Manifest.module(container),
            name,
            folder,
            List.of(Pod.memory(container)),
            arguments.toList(),
            environment(files, workload, container));
    var pod = new Pod(workload, container, process, ports.getOrDefault(name, 0));
    pods.put(name, pod);
    return pod;
  }

  private String here(PodFiles files, JsonNode container, JsonNode word) {
    return neighbours.local(files.local(container, word.asString()));
  }

  private Map<String, String> environment(PodFiles files, Manifest workload, JsonNode container) {
    var variables = Variables.of(view, container, this);
    assertThat(variables.problems()).as(workload.toString()).isEmpty();
    var environment = new HashMap<>(SHARED);
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", folder.toString());
    var port = ports.get(workload.name());
    if (port != null) {
      // as its image says
      environment.put("SERVER_PORT", port.toString());
    }
    variables
        .values()
        .forEach((name, value) ->
            environment.put(name, neighbours.local(files.local(container, value))));
    return environment;
  }

  private void initialise(PodFiles files, JsonNode container)
      throws IOException, InterruptedException {
    var command =
        Manifest.each(container.path("command"))
            .map(word -> files.local(container, word.asString()))
            .toList();
    var variables = Variables.of(view, container, this);
    assertThat(variables.problems()).isEmpty();
    var process = new ProcessBuilder(command).inheritIO();
    process.environment().putAll(variables.values());
    assertThat(process.start().waitFor()).as(command.toString()).isZero();
  }

  /**
   * A machine's settings are in a file, with paths, addresses and a port as others' environments.
   */
  private void settle(PodFiles files, JsonNode container) throws IOException {
    var file = Path.of(files.local(container, container.at("/args/1").asString()));
    var settings = neighbours.local(files.local(container, Files.readString(file)));
    Files.writeString(
        file,
        settings.replaceAll("(?m)^(slipway\\.machine\\.swarm-port)=.*$", "$1=0")
            + "slipway.machine.swarm-host=127.0.0.1\n");
  }

  /** One that was started. */
  Pod pod(String name) {
    return Objects.requireNonNull(pods.get(name), name);
  }

  /** The names of the workloads that were started. */
  List<String> started() {
    return List.copyOf(pods.keySet());
  }

  /** Asks all that answer calls, and machines, to end, and requires that they do in their time. */
  void end() throws InterruptedException {
    var left = new ArrayList<>(pods.values());
    left.removeIf(pod -> pod.workload().kind().equals("Job"));
    left.forEach(pod -> pod.process().askToEnd());
    for (var pod : left) {
      pod.requireEnd();
    }
  }

  @Override
  public void close() {
    try {
      for (var pod : pods.values()) {
        pod.process().kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
