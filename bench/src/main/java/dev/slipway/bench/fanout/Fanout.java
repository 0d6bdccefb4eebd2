package dev.slipway.bench.fanout;

import dev.slipway.bench.Program;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.bench.fanout.Crew.Fetcher;
import dev.slipway.bench.fanout.Network.Host;
import dev.slipway.common.swarm.LibtorrentSwarm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One artifact to many machines over equal narrow links, held against what the wire allows. */
public final class Fanout implements Program {
  private static final int LINK_MBIT = 24;
  private static final int LAN_MBIT = 50;
  private static final int WAN_MBIT = 20;
  private static final int REGIONS = 3;
  private static final int MACHINES_A_REGION = 6;
  private static final int CHURN = 24;
  private static final int SLOWER = 10;
  private static final int SLOW_ONE_IN = 10;
  private static final int HTTP_PART = 8;
  private static final String CORE = "core";

  private final Map<String, Samples> found = new LinkedHashMap<>();

  @Override
  public String name() {
    return "fanout";
  }

  @Override
  public Duration expected(boolean quick) {
    return quick ? Duration.ofMinutes(6) : Duration.ofMinutes(25);
  }

  @Override
  public void run(Run run) throws Exception {
    if (!LibtorrentSwarm.isAvailable()) {
      throw new IOException(
          "the peer-to-peer engine does not load here: Linux on x86_64 is needed");
    }
    var mib = run.quick() ? 32 : 64;
    var cargo = Cargo.make(run.folder().resolve("cargo"), mib, 1);
    var less = Cargo.make(run.folder().resolve("less"), mib / HTTP_PART, 2);
    run.teller()
        .line(
            "%d MiB in %d pieces of %d KiB; links of %d Mbit/s: the wire allows %.1f s."
                .formatted(
                    mib,
                    Math.ceilDiv(cargo.torrent().size(), cargo.torrent().pieceLength()),
                    cargo.torrent().pieceLength() >> 10,
                    LINK_MBIT,
                    cargo.secondsAt(LINK_MBIT)));
    var aria = Aria2.fetch(cache(), run.teller());
    for (var round = 1; round <= run.rounds(); round++) {
      for (var machines : List.of(12, 24)) {
        flat(run, cargo, machines, round);
        if (aria.isPresent()) {
          aria(run, cargo, aria.get(), machines, round);
        }
      }
      http(run, less, 12, round);
      regions(run, cargo, round);
      churn(run, cargo, round);
    }
    report(run);
  }

  private static Path cache() {
    return Path.of(System.getProperty("slipway.launcher", "slipway"))
        .toAbsolutePath()
        .resolveSibling("bench/target/fanout-peers");
  }

  private void flat(Run run, Cargo cargo, int machines, int round) throws Exception {
    try (var network = Network.open();
        var crew = new Crew(cargo, run.folder().resolve("flat"))) {
      network.bridge(CORE);
      var origin = network.host(CORE, LINK_MBIT, LINK_MBIT);
      crew.origin(origin);
      for (var i = 0; i < machines; i++) {
        crew.machine(network.host(CORE, LINK_MBIT, LINK_MBIT), origin.ip());
      }
      var seconds = crew.last(crew.go(), crew.fetchers(), longest(cargo));
      add(run, round, "flat%d.ratio".formatted(machines), seconds / cargo.secondsAt(LINK_MBIT));
      add(
          run,
          round,
          "flat%d.source_multiple".formatted(machines),
          multiple(cargo, network.bytesFrom(origin)));
    } finally {
      clear(run, "flat");
    }
  }

  private void aria(Run run, Cargo cargo, Aria2 aria, int machines, int round) throws Exception {
    try (var network = Network.open();
        var crew = new Crew(cargo, run.folder().resolve("aria"))) {
      network.bridge(CORE);
      var origin = network.host(CORE, LINK_MBIT, LINK_MBIT);
      var tracker = network.host(CORE, 1000, 1000);
      crew.tracker(tracker);
      aria.share(crew, origin, cargo, tracker.ip());
      var hosts = new ArrayList<Host>();
      for (var i = 0; i < machines; i++) {
        hosts.add(network.host(CORE, LINK_MBIT, LINK_MBIT));
      }
      crew.go();
      var begun = System.nanoTime();
      for (var host : hosts) {
        aria.fetch(crew, host, cargo, tracker.ip());
      }
      var seconds = crew.last(begun, crew.fetchers(), longest(cargo));
      add(
          run,
          round,
          "flat%d.aria2_ratio".formatted(machines),
          seconds / cargo.secondsAt(LINK_MBIT));
    } finally {
      clear(run, "aria");
    }
  }

  /** Everybody from the source by plain HTTP, with a part of the artifact as it takes so long. */
  private void http(Run run, Cargo cargo, int machines, int round) throws Exception {
    try (var network = Network.open();
        var crew = new Crew(cargo, run.folder().resolve("http"))) {
      network.bridge(CORE);
      var origin = network.host(CORE, LINK_MBIT, LINK_MBIT);
      crew.origin(origin);
      var hosts = new ArrayList<Host>();
      for (var i = 0; i < machines; i++) {
        hosts.add(network.host(CORE, LINK_MBIT, LINK_MBIT));
      }
      crew.go();
      var begun = System.nanoTime();
      for (var host : hosts) {
        var own = crew.own(host);
        var file = own.resolve(cargo.torrent().name());
        crew.add(
            new Fetcher(
                Member.start(
                    host.command(
                        List.of(
                            "curl",
                            "-sS",
                            "-o",
                            file.toString(),
                            "-w",
                            "DONE\n",
                            Node.artifact(origin.ip()).toString())),
                    "",
                    "DONE",
                    crew.errors()),
                host,
                own));
      }
      var seconds = crew.last(begun, crew.fetchers(), longest(cargo).multipliedBy(machines));
      add(
          run,
          round,
          "flat%d.http_ratio".formatted(machines),
          seconds / cargo.secondsAt(LINK_MBIT));
    } finally {
      clear(run, "http");
    }
  }

  private void regions(Run run, Cargo cargo, int round) throws Exception {
    try (var network = Network.open();
        var crew = new Crew(cargo, run.folder().resolve("regions"))) {
      network.bridge(CORE);
      var origin = network.host(CORE, WAN_MBIT, WAN_MBIT);
      crew.origin(origin);
      var gates = new ArrayList<String>();
      for (var region = 0; region < REGIONS; region++) {
        var bridge = "region" + region;
        network.bridge(bridge);
        gates.add(network.join(CORE, bridge, WAN_MBIT));
        var agent = network.host(bridge, LAN_MBIT, LAN_MBIT);
        crew.agent(agent, List.of(origin.ip(), agent.ip()));
        for (var i = 0; i < MACHINES_A_REGION; i++) {
          crew.follower(network.host(bridge, LAN_MBIT, LAN_MBIT), agent.ip());
        }
      }
      var before = new ArrayList<Long>();
      for (var gate : gates) {
        before.add(network.bytesInto(gate));
      }
      var seconds = crew.last(crew.go(), crew.fetchers(), longest(cargo));
      add(run, round, "regions.ratio", seconds / cargo.secondsAt(WAN_MBIT));
      var most = 0.0;
      for (var i = 0; i < gates.size(); i++) {
        most = Math.max(most, multiple(cargo, network.bytesInto(gates.get(i)) - before.get(i)));
      }
      add(run, round, "regions.wan_multiple_max", most);
    } finally {
      clear(run, "regions");
    }
  }

  /** One in ten sends slowly, and a third of the machines is killed when half the time is over. */
  private void churn(Run run, Cargo cargo, int round) throws Exception {
    try (var network = Network.open();
        var crew = new Crew(cargo, run.folder().resolve("churn"))) {
      network.bridge(CORE);
      var origin = network.host(CORE, LINK_MBIT, LINK_MBIT);
      crew.origin(origin);
      for (var i = 0; i < CHURN; i++) {
        var up = i % SLOW_ONE_IN == 0 ? LINK_MBIT / SLOWER : LINK_MBIT;
        crew.machine(network.host(CORE, up, LINK_MBIT), origin.ip());
      }
      var begun = crew.go();
      Thread.sleep(Duration.ofMillis((long) (cargo.secondsAt(LINK_MBIT) * 500)));
      var survivors = new ArrayList<Fetcher>();
      for (var i = 0; i < CHURN; i++) {
        if (i % 3 == 1) {
          crew.fetchers().get(i).member().kill();
        } else {
          survivors.add(crew.fetchers().get(i));
        }
      }
      var seconds = crew.last(begun, survivors, longest(cargo));
      add(run, round, "churn.ratio", seconds / cargo.secondsAt(LINK_MBIT));
    } finally {
      clear(run, "churn");
    }
  }

  private static double multiple(Cargo cargo, long bytes) {
    return (double) bytes / cargo.torrent().size();
  }

  private static Duration longest(Cargo cargo) {
    return Duration.ofSeconds(60 + (long) (10 * cargo.secondsAt(WAN_MBIT)));
  }

  private void add(Run run, int round, String figure, double value) {
    found.computeIfAbsent(figure, name -> new Samples()).add(value);
    run.teller()
        .tell("round %d/%d".formatted(round, run.rounds()), "%s %.2f".formatted(figure, value));
  }

  private static void clear(Run run, String what) throws IOException {
    try (var files = Files.walk(run.folder().resolve(what))) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void report(Run run) {
    found.forEach((name, samples) -> {
      var figure = "fanout." + name;
      var limit = limit(name);
      if (limit.isPresent()) {
        run.results().figure(figure, samples, "x", limit.get());
      } else {
        run.results().figure(figure, samples, "x");
      }
    });
  }

  private static Optional<Double> limit(String name) {
    return Optional.ofNullable(
        Map.of(
                "flat24.ratio", 1.25,
                "flat12.source_multiple", 1.15,
                "flat24.source_multiple", 1.15,
                "regions.wan_multiple_max", 1.02,
                "churn.ratio", 1.6)
            .get(name));
  }
}
