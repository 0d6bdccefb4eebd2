package dev.slipway.bench.ha;

import dev.slipway.bench.Run;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.region.RegionName;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** One drill: its parts one after the other, while somebody pushes all the time. */
final class Drill {
  static final String APP = "drill";
  private static final RegionName REGION = new RegionName("north");
  private static final RegionName FAR = new RegionName("south");
  private static final int MACHINES = 2;
  private static final int MOST_PUSHES = 2_000;
  private static final int FIRST_AGENT = 8;
  private static final int FIRST_DATABASE = 12;
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Run run;
  private final Scale scale;
  private final Path folder;
  private final Found found = new Found();

  private Drill(Run run, Scale scale, Path folder) {
    this.run = run;
    this.scale = scale;
    this.folder = folder;
  }

  /** Runs a drill; nothing that it started is left. */
  static Found run(Run run, Scale scale) throws Exception {
    var drill = new Drill(run, scale, run.folder().toRealPath());
    drill.run();
    return drill.found;
  }

  private void run() throws Exception {
    var base = run.ports().base();
    var agents = List.of(base + FIRST_AGENT, base + FIRST_AGENT + 1);
    try (var pair = new Pair(folder, base + FIRST_DATABASE, base + FIRST_DATABASE + 1);
        var disks =
            Disks.mount(
                folder.resolve("centre").resolve(Centre.FIRST_WORKER),
                folder.resolve(REGION.value()).resolve(Region.agent(agents.getFirst())),
                run.teller())) {
      Flyway.configure().dataSource(pair.primary().dataSource()).load().migrate();
      run(pair, disks, agents);
    }
  }

  private void run(Pair pair, Disks disks, List<Integer> agents) throws Exception {
    var ports = run.ports();
    var ledger = new Ledger(pair);
    var tokens = new TokenStore(pair.jdbc());
    try (var centre = new Centre(folder.resolve("centre"), ports, pair.url(), tokens)) {
      centre.awaitAll();
      try (var region = region(REGION, agents, centre);
          var far = region(FAR, List.of(agents.getLast() + 1), centre)) {
        region.populate(MACHINES, ports, 0);
        far.populate(MACHINES, ports, MACHINES);
        var repository = new Repository(folder.resolve("drill.git"), MOST_PUSHES);
        try (var traffic = traffic(centre, repository)) {
          play(new Scene(pair, centre, region, far, traffic, ledger, found, run.teller()), disks);
        }
      }
    }
  }

  private Region region(RegionName name, List<Integer> agents, Centre centre)
      throws IOException, InterruptedException {
    return new Region(name, agents, folder.resolve(name.value()), centre);
  }

  private static Traffic traffic(Centre centre, Repository repository)
      throws IOException, InterruptedException {
    var secret = Secrets.random();
    centre
        .api(Centre.Kind.QUEUE)
        .put(
            "/api/v1/apps/" + APP,
            Map.of("repository", repository.address(), "webhookSecret", secret, "maxAttempts", 10));
    return new Traffic(
        repository,
        centre.address(Centre.Kind.QUEUE).resolve("/webhooks/github"),
        secret,
        centre.address(Centre.Kind.DEPLOY).resolve("/api/v1/apps/" + APP + "/fleet"),
        centre.admin());
  }

  private void play(Scene scene, Disks disks) throws Exception {
    awaitMachines(scene, 1);
    run.teller().tell("whole", "machines run what was pushed; two of every service are there");
    for (var n = 0; n < scale.kills(); n++) {
      part(() -> Failover.run(scene, false));
    }
    for (var n = 0; n < scale.freezes(); n++) {
      part(() -> Failover.run(scene, true));
    }
    part(() -> SlowDatabase.run(scene, scale.slow()));
    part(() -> SlowRegion.run(scene, scale.deployments()));
    if (disks.agent().isPresent()) {
      part(() -> FullDisk.run(scene, disks.worker().orElseThrow(), disks.agent().get()));
    }
    settle(scene);
  }

  /** A part of the drill. */
  @FunctionalInterface
  private interface Part {
    void play() throws Exception;
  }

  /** One that waits in vain is a violation; the others are played all the same. */
  private void part(Part part) throws Exception {
    try {
      part.play();
    } catch (IOException inVain) {
      found.must(false, String.valueOf(inVain.getMessage()));
      run.teller().line("VIOLATED: " + inVain.getMessage());
    }
  }

  /** What was pushed is built, once each, and the last of it runs everywhere. */
  private void settle(Scene scene) throws IOException, InterruptedException {
    scene.traffic().end();
    var ledger = scene.ledger();
    Wait.until("all jobs to end", LONGEST, () -> ledger.open() == 0 ? ledger : null);
    awaitMachines(scene, ledger.newest());
    var fates = ledger.fates();
    var taken = scene.traffic().taken();
    var lost = 0;
    for (var push : taken) {
      var fate = fates.get(push.commit());
      lost += fate == null ? 1 : 0;
      found.must(fate == null || fate.equals("SUCCEEDED"), "a job ended as " + fate);
    }
    found.pushed(taken.size(), lost);
    found.must(fates.size() <= taken.size(), "there are jobs that nobody pushed");
    ledger.violations().forEach(what -> found.must(false, what));
  }

  /** Waits until every machine runs a build, or a later one. */
  private static void awaitMachines(Scene scene, long build)
      throws IOException, InterruptedException {
    Wait.until(
        "the machines to run build " + build,
        LONGEST,
        () -> scene.ledger().running(build) == scene.machines() ? scene : null);
  }
}
