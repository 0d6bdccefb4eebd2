package dev.slipway.bench.deploy;

import dev.slipway.bench.Run;
import dev.slipway.bench.machine.Centre;
import dev.slipway.bench.workers.Postgres;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.access.TokenStore;
import dev.slipway.common.region.RegionName;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One drill: its parts one after the other, over the same machines. */
final class Drill {
  /** The regions, in the order of the waves. */
  static final RegionName FIRST = new RegionName("north");

  static final RegionName SECOND = new RegionName("south");

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
    var folder = run.folder().toRealPath();
    var drill = new Drill(run, scale, folder);
    drill.run();
    drill.found.must(Residents.of(folder).isEmpty(), "processes of apps are left");
    return drill.found;
  }

  private void run() throws Exception {
    var ports = run.ports();
    try (var postgres = new Postgres(folder.resolve("postgres"), ports.database())) {
      Flyway.configure().dataSource(postgres.dataSource()).load().migrate();
      var jdbc = JdbcClient.create(postgres.dataSource());
      var ledger = new Ledger(jdbc);
      var builds = new Builds(jdbc, folder.resolve("builds"));
      // stands in for replication-checker, which has nothing to do here
      try (var replication = new Centre(ports.replicationChecker());
          var services = new Services(postgres, ports, folder.resolve("services"));
          var first = region(FIRST, 0, services, replication, builds, jdbc);
          var second = region(SECOND, 1, services, replication, builds, jdbc)) {
        services.awaitAll();
        populate(List.of(first, second));
        var deployments = new Deployments(services.api(), ledger);
        play(new Scene(services, first, second, builds, deployments, ledger, found, run.teller()));
        ledger.violations().forEach(what -> found.must(false, what));
        found.deployed(deployments.pressed());
      }
    }
  }

  private Region region(
      RegionName name,
      int index,
      Services services,
      Centre replication,
      Builds builds,
      JdbcClient jdbc)
      throws IOException {
    var token = Secrets.random();
    jdbc.sql("insert into region (name, bucket) values (:name, :bucket)")
        .param("name", name.value())
        .param("bucket", builds.bucket().toUri().toString())
        .update();
    new TokenStore(jdbc).put("region-" + name, Role.REGION, name.value(), token);
    return new Region(
        name,
        run.ports().region(index),
        folder.resolve(name.value()),
        services,
        replication.address(),
        builds,
        token);
  }

  private void populate(List<Region> regions) throws IOException, InterruptedException {
    var port = run.ports().firstApp(0);
    for (var region : regions) {
      region.awaitAgent();
      region.populate(scale.machines(), port);
      port += scale.machines();
    }
  }

  private void play(Scene scene) throws Exception {
    var machines = scene.hosts().size();
    Wait.until("all machines", () -> scene.ledger().machines() == machines ? scene : null);
    run.teller().tell("machines", machines + " of two regions are there");
    CentreGone.run(scene);
    RegionCut.run(scene);
    BadBuild.run(scene);
    ServicesKilled.run(scene, scale.serviceKills());
    AgentsKilled.run(scene, scale.killRounds());
    if (scale.rounds() > 0) {
      Pace.run(scene, scale.rounds());
    }
  }
}
