package dev.slipway.bench.machine;

import dev.slipway.bench.Jars;
import dev.slipway.bench.Launched;
import dev.slipway.bench.Run;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.target.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** The rounds: curl, then a new machine that has nothing yet. */
final class Rounds {
  private final Run run;
  private final Centre centre;
  private final Region region;
  private final Release release;
  private final Duration longest;
  private final Found found;

  Rounds(Run run, Centre centre, Region region, Release release) {
    this.run = run;
    this.centre = centre;
    this.region = region;
    this.release = release;
    this.longest = Duration.ofMinutes(2 + 2 * (release.size() / 1_000_000_000));
    this.found = new Found(release.size());
  }

  /** The region's agent takes the release into its cache, as it does ahead of a deployment. */
  void takeIn() throws IOException, InterruptedException {
    try (var cost = Cost.of(region.handle())) {
      centre.hold(release);
      region.awaitCached(release, longest);
      found.intake(cost);
    }
  }

  /**
   * One round; the first, 0, is warm-up.
   *
   * @param published what the machine must have at the end; compared in the warm-up, byte by byte
   */
  void measure(int round, Path published) throws IOException, InterruptedException {
    var machine = new MachineId("bench-" + round);
    var http = Curl.fetch(region, release, region.tokenOf(machine), run.folder().resolve("curl"));
    centre.hold(release);
    var folder = Files.createDirectories(run.folder().resolve(machine.value()));
    try (var agent = start(machine, folder);
        var machineCost = Cost.of(agent.handle());
        var regionCost = Cost.of(region.handle())) {
      centre.awaitHeard(machine);
      var given = centre.give(release);
      var seconds = (centre.awaitRunning(machine, longest) - given) / 1e9;
      run.teller()
          .tell(
              round == 0 ? "warm-up" : "round " + round + "/" + run.rounds(),
              "%.0f MB/s to the machine, %.0f to curl".formatted(speed(seconds), speed(http)));
      if (round == 0) {
        compare(folder, published);
      } else {
        found.speeds(speed(seconds), speed(http));
        found.costs(machineCost, regionCost);
      }
    }
    delete(folder);
  }

  private double speed(double seconds) {
    return release.size() / 1e6 / seconds;
  }

  private Launched start(MachineId id, Path folder) throws IOException, InterruptedException {
    var config =
        Files.writeString(
            folder.resolve("agent.properties"),
            """
            slipway.machine.id=%s
            slipway.machine.regional-agents=%s
            slipway.machine.token=%s
            slipway.machine.trusted-key-files=%s
            slipway.machine.dir=%s
            slipway.machine.swarm-host=127.0.0.1
            slipway.machine.apps.%s.port=%d
            """
                .formatted(
                    id,
                    region.address(),
                    region.tokenOf(id),
                    region.key(),
                    folder.resolve("data"),
                    Bucket.APP,
                    run.ports().firstApp(0)));
    return Launched.start(
        Jars.command("machine-agent", Jars.MACHINE_FLAGS, List.of("--config", config.toString())),
        "ready: ");
  }

  private void compare(Path folder, Path published) throws IOException {
    var placed =
        folder.resolve(
            "data/apps/%s/releases/%d/%s".formatted(Bucket.APP, release.build(), Bucket.FILE));
    if (Files.mismatch(placed, published) != -1) {
      throw new IOException("the machine has other bytes than were published");
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  void report() {
    found.report(run.results());
  }
}
