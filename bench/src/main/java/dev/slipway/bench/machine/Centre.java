package dev.slipway.bench.machine;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.AppState;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands in for deploy-service and replication-checker: it has one target for one region, lacks no
 * copy, and listens to what machines report.
 */
public final class Centre implements AutoCloseable {
  /** The region that it has targets for. */
  public static final RegionName REGION = new RegionName("bench");

  private static final int EVERYBODY = 100;
  private static final Duration LONGEST_START = Duration.ofMinutes(2);

  private record Word(MachineReport report, long nanos) {}

  private final HttpServer server;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final Changes changes = new Changes();
  private final Map<MachineId, Word> words = new ConcurrentHashMap<>();
  private volatile @Nullable Target target;

  /** Listens on a port of loopback. */
  public Centre(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    server.setExecutor(callers);
    server.createContext("/api/v1/targets", this::answerTargets);
    server.createContext("/api/v1/replications", this::answerReplications);
    server.createContext("/api/v1/regions/" + REGION + "/reports", this::hear);
    server.start();
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The region has a release for its machines, which none of them is told to run yet. */
  public void hold(Release release) {
    target(release, 0);
  }

  /**
   * Every machine is to run it.
   *
   * @return when that was said, by {@link System#nanoTime}
   */
  public long give(Release release) {
    var said = System.nanoTime();
    target(release, EVERYBODY);
    return said;
  }

  private void target(Release release, int share) {
    var before = target;
    var revision = before == null ? 1 : before.revision() + 1;
    target = new Target(Bucket.APP, revision, release, share, null, null);
    changes.signal();
  }

  /** Waits until a machine has said something. */
  void awaitHeard(MachineId machine) throws IOException, InterruptedException {
    await(machine, false, LONGEST_START);
  }

  /**
   * Waits until a machine says that it runs what it was given.
   *
   * @return when that arrived, by {@link System#nanoTime}
   * @throws IOException when it says that it cannot, or says nothing for too long
   */
  long awaitRunning(MachineId machine, Duration longest) throws IOException, InterruptedException {
    return await(machine, true, longest);
  }

  private long await(MachineId machine, boolean running, Duration longest)
      throws IOException, InterruptedException {
    var end = System.nanoTime() + longest.toNanos();
    while (true) {
      var seen = changes.count();
      var word = words.get(machine);
      if (word != null && (!running || runs(word.report()))) {
        return word.nanos();
      }
      if (!changes.awaitAbove(seen, Duration.ofNanos(end - System.nanoTime()))) {
        throw new IOException("a machine has not come so far within " + longest + ": " + word);
      }
    }
  }

  private static boolean runs(MachineReport machine) throws IOException {
    for (var app : machine.apps()) {
      if (app.state() == AppState.FAILED) {
        throw new IOException("the machine cannot run it: " + app.detail());
      }
      if (app.state() == AppState.RUNNING) {
        return true;
      }
    }
    return false;
  }

  private void answerTargets(HttpExchange exchange) throws IOException {
    var after = parameter(exchange, "after");
    var end = System.nanoTime() + Duration.ofSeconds(parameter(exchange, "wait")).toNanos();
    var seen = changes.count();
    var newer = above(after);
    while (newer.isEmpty() && waited(seen, end)) {
      seen = changes.count();
      newer = above(after);
    }
    answer(exchange, new Targets(newer.isEmpty() ? after : newer.getFirst().revision(), newer));
  }

  private List<Target> above(long revision) {
    var newest = target;
    return newest == null || newest.revision() <= revision ? List.of() : List.of(newest);
  }

  private void answerReplications(HttpExchange exchange) throws IOException {
    waited(
        changes.count(),
        System.nanoTime() + Duration.ofSeconds(parameter(exchange, "wait")).toNanos());
    answer(exchange, List.of());
  }

  /** Whether something changed before the end. */
  private boolean waited(long seen, long end) throws IOException {
    try {
      return changes.awaitAbove(seen, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", stopped);
    }
  }

  private void hear(HttpExchange exchange) throws IOException {
    var report =
        JsonMapper.shared().readValue(exchange.getRequestBody().readAllBytes(), FleetReport.class);
    for (var machine : report.machines()) {
      words.put(machine.id(), new Word(machine, System.nanoTime()));
    }
    try (exchange) {
      exchange.sendResponseHeaders(200, -1);
    }
    changes.signal();
  }

  private static long parameter(HttpExchange exchange, String name) {
    for (var pair : exchange.getRequestURI().getQuery().split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return Long.parseLong(pair.substring(name.length() + 1));
      }
    }
    return 0;
  }

  private static void answer(HttpExchange exchange, Object body) throws IOException {
    var json = JsonMapper.shared().writeValueAsBytes(body);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, json.length);
      exchange.getResponseBody().write(json);
    }
  }

  @Override
  public void close() {
    changes.end();
    server.stop(0);
    callers.close();
  }
}
