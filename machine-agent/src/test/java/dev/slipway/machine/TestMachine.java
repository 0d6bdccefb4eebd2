package dev.slipway.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
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
  private final Path marker;
  private @Nullable MachineAgent agent;

  TestMachine(Path folder) throws IOException {
    this.region = new FakeRegion();
    this.dir = folder.resolve("machine");
    this.marker = folder.resolve("marker");
    try (var socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    }
  }

  TestMachine start() {
    agent = new MachineAgent(config(), Clock.systemUTC(), meters, noSwarm());
    agent.start();
    return this;
  }

  TestMachine startWithSwarm() {
    agent = new MachineAgent(config(), Clock.systemUTC(), meters);
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
        "zone-a",
        List.of(URI.create("http://127.0.0.1:1"), region.address()),
        FakeRegion.TOKEN,
        List.of(region.trustedKey()),
        dir,
        List.of(new HostedApp(APP, port, Map.of("MARKER", marker.toString()))),
        null,
        "127.0.0.1",
        0);
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
  }
}
