package dev.slipway.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.recipe.RunRecipe;
import dev.slipway.machine.artifact.Swarms;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A machine with one app, its real agent and its real processes, beside a region that can lie. */
@NullMarked
final class TestMachine implements AutoCloseable {
  static final AppName APP = new AppName("hello");
  static final RunRecipe RUN =
      new RunRecipe(
          "exec {artifact} {port}",
          new RunRecipe.Health("http://127.0.0.1:{port}/", Duration.ofSeconds(20)),
          new RunRecipe.Stop("TERM", Duration.ofSeconds(5)));
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final FakeRegion region;
  final MeterRegistry meters = new SimpleMeterRegistry();
  final Path dir;
  final int port;
  private final Path folder;
  private final Path marker;
  private final List<Process> processes = new ArrayList<>();
  private @Nullable FakeRegion second;
  private @Nullable MachineAgent agent;

  /** The agent's clock. */
  Clock clock = Clock.systemUTC();

  /** Whose releases are believed; none: the region's and the second's. */
  List<String> trustedKeys = List.of();

  /** Whose targets are believed; none: all are. */
  List<String> targetKeys;

  /** What it is. */
  Labels labels = Labels.NONE;

  /** What is asked of where releases come from. */
  ProvenancePolicy provenance = ProvenancePolicy.usual(ProvenancePolicy.Mode.ENFORCE);

  /** The app's; none: any. */
  @Nullable String repository;

  int keepReleases = MachineConfig.KEEP_RELEASES;

  /** Where any app is welcome, with these ports. */
  @Nullable PortRange anyApp;

  TestMachine(Path folder) throws IOException {
    this.region = new FakeRegion();
    this.targetKeys = List.of(region.targetKey());
    this.folder = folder;
    this.dir = folder.resolve("machine");
    this.marker = folder.resolve("marker");
    try (var socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    }
  }

  TestMachine start() {
    agent = new MachineAgent(config(), clock, meters, noSwarm());
    agent.start();
    return this;
  }

  TestMachine startWithSwarm() {
    agent = new MachineAgent(config(), clock, meters);
    agent.start();
    return this;
  }

  private Swarms noSwarm() {
    return new Swarms(
        () -> false,
        tls -> {
          throw new IllegalStateException("there is no swarm here");
        },
        meters);
  }

  MachineConfig config() {
    return new MachineConfig(
        new MachineId("m1"),
        FakeRegion.NAME,
        "zone-a",
        labels,
        agents(),
        FakeRegion.TOKEN,
        trustedKeys(),
        targetKeys,
        provenance,
        dir,
        List.of(new HostedApp(APP, port, Map.of("MARKER", marker.toString()), repository)),
        anyApp,
        keepReleases,
        "127.0.0.1",
        0,
        false);
  }

  private List<URI> agents() {
    var nobody = URI.create("http://127.0.0.1:1");
    return second == null
        ? List.of(nobody, region.address())
        : List.of(nobody, region.address(), second.address());
  }

  private List<String> trustedKeys() {
    if (!trustedKeys.isEmpty()) {
      return trustedKeys;
    }
    return second == null
        ? List.of(region.trustedKey())
        : List.of(region.trustedKey(), second.trustedKey());
  }

  /** A second agent of the region, which is asked when the first does not answer. */
  FakeRegion addAgent() throws IOException {
    var added = new FakeRegion();
    second = added;
    targetKeys = List.of(region.targetKey(), added.targetKey());
    return added;
  }

  /** Starts the agent as a process of its own; it takes targets unsigned. */
  Process startProcess(String... settings) throws IOException {
    return startProcess(Map.of(), settings);
  }

  /** The same, with more in its environment. */
  Process startProcess(Map<String, String> environment, String... settings) throws IOException {
    var config = folder.resolve("agent.properties");
    var key = folder.resolve("key.pem");
    Files.writeString(key, region.trustedKey());
    Files.writeString(
        config,
        """
        slipway.machine.id=m1
        slipway.machine.zone=zone-a
        slipway.machine.regional-agents=%s
        slipway.machine.token=%s
        slipway.machine.trusted-key-files=%s
        slipway.machine.dir=%s
        slipway.machine.swarm-host=127.0.0.1
        slipway.machine.apps.hello.port=%d
        slipway.machine.apps.hello.env.MARKER=%s
        """
                .formatted(region.address(), FakeRegion.TOKEN, key, dir, port, marker)
            + String.join("\n", settings));
    var builder =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MachineAgentApplication.class.getName(),
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()));
    builder.environment().putAll(environment);
    var process = builder.start();
    processes.add(process);
    return process;
  }

  /** Kills the agents that are processes, and ends what they left running. */
  void endProcesses() throws Exception {
    for (var process : processes) {
      process.destroyForcibly().waitFor();
    }
    start().close();
  }

  /** The processes of the app that live, whoever started them. */
  List<ProcessHandle> appProcesses() {
    var arguments = TinyApp.class.getName() + " " + port;
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith(arguments))
        .toList();
  }

  /** The agent and its app are gone, and all that they had. */
  void losesItsDisk() throws IOException {
    if (agent != null) {
      agent.stopApps();
    }
    dev.slipway.machine.file.Durable.delete(dir);
  }

  void renewPasses() throws InterruptedException {
    if (agent != null) {
      agent.renewPasses();
    }
  }

  /** The agent is gone; its app is not. */
  void stopAgent() {
    if (agent != null) {
      agent.close();
    }
  }

  /** The builds that were ever started, in order. */
  List<String> started() throws IOException {
    return Files.exists(marker) ? Files.readAllLines(marker) : List.of();
  }

  AppReport awaitReport(AppState state, long revision) throws Exception {
    return awaitReport(r -> r.state() == state && r.revision() == revision);
  }

  AppReport awaitReport(Predicate<AppReport> wanted) throws Exception {
    until(() -> region.reports(APP).stream().anyMatch(wanted));
    return region.reports(APP).stream().filter(wanted).reduce((a, b) -> b).orElseThrow();
  }

  /** What the app answers on its port: its build and its process id. */
  String answer() throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  long pid() throws Exception {
    return Long.parseLong(answer().split(" ", -1)[1]);
  }

  static void until(Callable<Boolean> condition) throws Exception {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Override
  public void close() {
    if (agent != null) {
      agent.stopApps();
    }
    region.close();
    if (second != null) {
      second.close();
    }
  }
}
