package dev.slipway.bench.day;

import dev.slipway.bench.Run;
import dev.slipway.bench.deploy.Residents;
import dev.slipway.bench.fleet.Machines;
import dev.slipway.bench.workers.Postgres;
import dev.slipway.common.access.Secrets;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Sets the scene of a day, has it played, and clears everything away. */
final class Play {
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  private final Run run;
  private final Scale scale;
  private final Postgres postgres;
  private final Company company;
  private final Repositories repositories;
  private final Schedule schedule;
  private final String secret = Secrets.random();

  private Play(
      Run run,
      Scale scale,
      Postgres postgres,
      Company company,
      Repositories repositories,
      Schedule schedule) {
    this.run = run;
    this.scale = scale;
    this.postgres = postgres;
    this.company = company;
    this.repositories = repositories;
    this.schedule = schedule;
  }

  /** Plays a day; nothing that it started is left. */
  static void run(Run run, Scale scale) throws Exception {
    var folder = run.folder().toRealPath();
    var schedule = new Schedule(scale);
    run.teller().tell("apps", "making %d repositories".formatted(scale.apps()));
    var repositories = new Repositories(folder.resolve("repositories"), scale, schedule);
    try (var postgres = new Postgres(folder.resolve("postgres"), run.ports().database())) {
      Flyway.configure().dataSource(postgres.dataSource()).load().migrate();
      try (var company = new Company(folder.resolve("company"), run.ports(), postgres)) {
        new Play(run, scale, postgres, company, repositories, schedule).play();
      } finally {
        // builds outlive a worker that is killed
        Residents.kill(folder.resolve("company"));
      }
    }
  }

  private void play() throws Exception {
    var jdbc = JdbcClient.create(postgres.dataSource());
    run.teller().tell("services", "starting");
    company.startServices();
    awaitPorts(
        run.ports().deployService(),
        run.ports().buildQueueService(),
        run.ports().heartbeatReaper(),
        run.ports().replicationChecker());
    register();
    run.teller().tell("regions", "starting %d agents".formatted(scale.regions()));
    for (var region = 0; region < scale.regions(); region++) {
      company.startRegion(region, jdbc);
    }
    awaitPorts(IntStream.range(0, scale.regions()).map(run.ports()::region).toArray());
    var agents =
        IntStream.range(0, scale.regions())
            .mapToObj(region -> Company.local(run.ports().region(region)))
            .toList();
    for (var worker = 0; worker < scale.workers(); worker++) {
      company.startWorker(worker, scale.slotsEach());
    }
    var ledger = new Ledger(jdbc);
    var count = scale.regions() * scale.machinesEach();
    try (var machines =
            Machines.start(run, company.machineSecret(), count, scale.groups(), agents);
        var forge =
            new Forge(Company.local(run.ports().buildQueueService()), secret, repositories)) {
      Wait.until("all machines", () -> ledger.machines() == count ? ledger : null);
      Wait.until("all workers", () -> ledger.workers() == scale.workers() ? ledger : null);
      var checker = new Api(Company.local(run.ports().replicationChecker()), company.adminToken());
      var hours =
          new Hours(run, scale, company, schedule, ledger, forge, checker, postgres, machines);
      hours.play();
      new Outcome(run, scale, schedule, repositories, ledger, forge, machines).report(hours);
    }
  }

  private void register() throws IOException, InterruptedException {
    var checker = new Api(Company.local(run.ports().replicationChecker()), company.adminToken());
    for (var region = 0; region < scale.regions(); region++) {
      var name = Company.region(region);
      checker.put(
          "/api/v1/regions/" + name, Map.of("bucket", company.bucket(name), "wanted", true));
    }
    var queue = new Api(Company.local(run.ports().buildQueueService()), company.adminToken());
    for (var app = 0; app < scale.apps(); app++) {
      queue.put(
          "/api/v1/apps/" + Repositories.name(app),
          Map.of(
              "repository",
              repositories.path(app).toString(),
              "branch",
              "master",
              "webhookSecret",
              secret));
    }
  }

  private static void awaitPorts(int... ports) throws IOException, InterruptedException {
    for (var port : ports) {
      Wait.until("port " + port, LONGEST_START, () -> isListening(port) ? port : null);
    }
  }

  /** Whether somebody listens there. */
  static boolean isListening(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException nobody) {
      return false;
    }
  }
}
