package dev.slipway.region;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.replica.ReplicationMode;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.Tracker;
import dev.slipway.common.target.FleetReport;
import dev.slipway.common.target.Revoked;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullMarked;
import tools.jackson.databind.json.JsonMapper;

/** Both global services as a region sees them, on a real port. */
@NullMarked
public final class FakeCentre implements AutoCloseable {
  static final String TOKEN = "the-region's-token";
  private static final Pattern CLAIM = Pattern.compile("/api/v1/replicas/(\\d+)/([a-z-]+)");

  private final HttpServer server;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Changes changes = new Changes();
  private final Map<String, List<Replication>> wanted = new HashMap<>();
  private final List<Target> targets = new ArrayList<>();
  private final List<Revoked> revoked = new ArrayList<>();
  private final AnnounceKeys keys = new AnnounceKeys(Secrets.random(), Clock.systemUTC());
  private final Tracker tracker = new Tracker(Clock.systemUTC(), new SimpleMeterRegistry());

  /** What was claimed, by region and job. */
  final Map<String, ReplicaClaim> claims = new HashMap<>();

  private final Map<Long, Integer> timesClaimed = new HashMap<>();

  final List<MachineReport> reports = new CopyOnWriteArrayList<>();

  /** How builds that are wanted from now on are to be copied. */
  volatile ReplicationMode mode = ReplicationMode.SWARM;

  /** The agent that leads; every agent does where none is named. */
  volatile String leader = "";

  /** While true a claim changes nothing: as for copies that are always found corrupt. */
  volatile boolean forgetsClaims;

  /** While true a claim is answered by 400. */
  volatile boolean refusesClaims;

  FakeCentre() throws IOException {
    this(0);
  }

  FakeCentre(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A region lacks a build from now on. */
  synchronized void want(String region, Home.Build build) {
    var announce = keys.address(address(), build.sha256(), region, "");
    wanted
        .computeIfAbsent(region, any -> new ArrayList<>())
        .add(
            new Replication(
                build.job(),
                build.app(),
                build.sha256(),
                build.bytes().length,
                build.crc32c(),
                build.manifest(),
                announce,
                mode,
                true,
                null));
    changes.signal();
  }

  synchronized void target(Target target) {
    targets.removeIf(old -> old.app().equals(target.app()));
    targets.add(target);
    changes.signal();
  }

  /** The revision of its revocation. */
  synchronized long revoke(String machine) {
    var revision = above(0).stream().mapToLong(Targets::revision).max().orElse(0) + 1;
    revoked.add(new Revoked(new MachineId(machine), revision));
    changes.signal();
    return revision;
  }

  /** Whether an agent has asked what its region lacks. */
  boolean asked(String agent) {
    return asked.contains(agent);
  }

  synchronized boolean isClaimed(String region, long job) {
    return claims.containsKey(region + "/" + job);
  }

  synchronized int timesClaimed(long job) {
    return timesClaimed.getOrDefault(job, 0);
  }

  synchronized ReplicaClaim claim(String region, long job) {
    return Objects.requireNonNull(claims.get(region + "/" + job));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      var claim = CLAIM.matcher(path);
      if (path.startsWith("/announce/")) {
        var body =
            tracker.announce(
                keys.check(path.substring("/announce/".length())),
                exchange.getRemoteAddress().getAddress(),
                exchange.getRequestURI().getRawQuery(),
                List.of());
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      } else if (!("Bearer " + TOKEN)
          .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
      } else if (path.equals("/api/v1/replications")) {
        var agent = parameter(exchange, "agent");
        asked.add(agent);
        answer(exchange, await(exchange, () -> lacks(parameter(exchange, "region"), agent)));
      } else if (path.equals("/api/v1/targets")) {
        var after = Long.parseLong(parameter(exchange, "after"));
        var newer = await(exchange, () -> above(after));
        answer(exchange, newer.isEmpty() ? new Targets(after, List.of()) : newer.getFirst());
      } else if (claim.matches()) {
        claimed(exchange, claim);
      } else if (path.endsWith("/reports")) {
        reports.addAll(
            JsonMapper.shared().readValue(exchange.getRequestBody(), FleetReport.class).machines());
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void claimed(HttpExchange exchange, Matcher claim) throws IOException {
    if (refusesClaims) {
      exchange.sendResponseHeaders(400, -1);
      return;
    }
    var body = JsonMapper.shared().readValue(exchange.getRequestBody(), ReplicaClaim.class);
    var job = Long.parseLong(claim.group(1));
    synchronized (this) {
      claims.put(claim.group(2) + "/" + job, body);
      timesClaimed.merge(job, 1, Integer::sum);
      if (!forgetsClaims) {
        wanted.getOrDefault(claim.group(2), new ArrayList<>()).removeIf(r -> r.job() == job);
      }
    }
    exchange.sendResponseHeaders(200, -1);
  }

  private synchronized List<Replication> lacks(String region, String agent) {
    var leads = leader.isEmpty() || leader.equals(agent);
    return wanted.getOrDefault(region, List.of()).stream().map(r -> as(r, leads)).toList();
  }

  private static Replication as(Replication r, boolean leads) {
    return new Replication(
        r.job(),
        r.app(),
        r.sha256(),
        r.size(),
        r.crc32c(),
        r.manifest(),
        r.announce(),
        r.mode(),
        leads,
        r.trace());
  }

  /** What is newer, as one; empty where there is nothing. */
  private synchronized List<Targets> above(long revision) {
    var newer = targets.stream().filter(target -> target.lastRevision() > revision).toList();
    var gone = revoked.stream().filter(machine -> machine.revision() > revision).toList();
    return LongStream.concat(
            newer.stream().mapToLong(Target::lastRevision),
            gone.stream().mapToLong(Revoked::revision))
        .max()
        .stream()
        .mapToObj(last -> new Targets(last, newer, gone))
        .toList();
  }

  private interface Look<T> {
    List<T> look();
  }

  private <T> List<T> await(HttpExchange exchange, Look<T> look) throws InterruptedException {
    var end = System.nanoTime() + Integer.parseInt(parameter(exchange, "wait")) * 1_000_000_000L;
    while (true) {
      var seen = changes.count();
      var found = look.look();
      var left = end - System.nanoTime();
      if (!found.isEmpty() || left <= 0) {
        return found;
      }
      changes.awaitAbove(seen, Duration.ofNanos(left));
    }
  }

  private static String parameter(HttpExchange exchange, String name) {
    for (var pair : exchange.getRequestURI().getQuery().split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return pair.substring(name.length() + 1);
      }
    }
    return "0";
  }

  private static void answer(HttpExchange exchange, Object body) throws IOException {
    var json = JsonMapper.shared().writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, json.length);
    exchange.getResponseBody().write(json);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
