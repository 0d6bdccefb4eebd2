package dev.slipway.bench.fleet;

import dev.slipway.bench.Jars;
import dev.slipway.bench.Launched;
import dev.slipway.bench.Run;
import dev.slipway.bench.Samples;
import dev.slipway.bench.machine.Bucket;
import dev.slipway.bench.machine.Centre;
import dev.slipway.bench.workers.Postgres;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Release;
import dev.slipway.standalone.Api;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Three deployments a minute to the machines of all regions, by the real deploy-service and
 * PostgreSQL. replication-checker, which has nothing to do here, is a stand-in.
 */
final class TenRegions implements AutoCloseable {
  private static final List<String> FLAGS = List.of("-Xmx128m", "-XX:+UseSerialGC");
  private static final List<String> SERVICE_FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");
  private static final long BETWEEN_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Run run;
  private final Scale scale;
  private final Statements statements;
  private final Builds builds;
  private final Api deploy;
  private final List<Agent> agents = new ArrayList<>();
  private final List<Long> deployed = new ArrayList<>();
  private final Samples took = new Samples();

  private TenRegions(Run run, Scale scale, JdbcClient jdbc, Release release, Api deploy) {
    this.run = run;
    this.scale = scale;
    this.statements = new Statements(jdbc);
    this.builds = new Builds(jdbc, release);
    this.deploy = deploy;
  }

  static void run(Run run, Scale scale, Bucket bucket, Release release)
      throws IOException, InterruptedException {
    var admin = Secrets.random();
    var token = Secrets.random();
    var address = URI.create("http://127.0.0.1:" + run.ports().deployService());
    try (var postgres = new Postgres(run.folder().resolve("postgres"), run.ports().database());
        var replication = new Centre(run.ports().replicationChecker());
        var service =
            Launched.start(
                Jars.command(
                    "deploy-service",
                    SERVICE_FLAGS,
                    List.of(
                        "--server.port=" + run.ports().deployService(),
                        "--server.address=127.0.0.1",
                        "--spring.datasource.url=" + postgres.url(),
                        "--spring.datasource.username=postgres",
                        "--slipway.deploy.admin-token=" + admin)),
                "Started DeployServiceApplication");
        var ten =
            new TenRegions(
                run,
                scale,
                JdbcClient.create(postgres.dataSource()),
                release,
                new Api(address, admin))) {
      ten.measure(
          new Agent.Centre(
              replication.address(),
              address,
              bucket,
              run.folder().resolve("trusted.pem"),
              Secrets.random()),
          token);
      service.requireAlive();
    }
  }

  private void measure(Agent.Centre centre, String token) throws IOException, InterruptedException {
    var regions =
        IntStream.range(0, scale.regions()).mapToObj(n -> new RegionName("r" + n)).toList();
    builds.regions(regions, token);
    run.teller().tell("regions", "starting " + regions.size());
    for (var region : regions) {
      agents.add(
          Agent.start(
              centre,
              region,
              run.ports().region(agents.size()),
              FLAGS,
              run.folder().resolve(region.value()),
              token + region));
    }
    var addresses = agents.stream().map(Agent::address).toList();
    var count = scale.regions() * scale.machinesEach();
    run.teller().tell("machines", "starting " + count);
    try (var machines = Machines.start(run, centre.machineSecret(), count, addresses)) {
      deployAndAwait(machines);
      statements.reset();
      var begun = System.nanoTime();
      while (System.nanoTime() - begun < scale.deploys().toNanos()) {
        var next = System.nanoTime() + BETWEEN_NANOS;
        deployAndAwait(machines);
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      }
      report((System.nanoTime() - begun) / 1e9, machines);
    }
  }

  /** Presses Deploy, and waits until every machine says that it runs the build. */
  private void deployAndAwait(Machines machines) throws IOException, InterruptedException {
    var build = builds.next();
    var pressed = System.nanoTime();
    var made =
        deploy.post("/api/v1/deployments", Map.of("app", Bucket.APP.value(), "build", build));
    deployed.add(build);
    Wait.until(
        "every machine to run build " + build,
        () -> {
          TimeUnit.MILLISECONDS.sleep(250);
          return machines.running(build) == machines.count() ? machines : null;
        });
    Wait.until(
        "the deployment of build " + build,
        () -> "SUCCEEDED".equals(statusOf(made.path("id").asLong())) ? machines : null);
    var seconds = (System.nanoTime() - pressed) / 1e9;
    took.add(seconds);
    run.teller().tell("deployed", "build %d to all machines in %.1f s".formatted(build, seconds));
  }

  private String statusOf(long deployment) throws IOException, InterruptedException {
    TimeUnit.SECONDS.sleep(1);
    var newest = deploy.get("/api/v1/deployments?limit=1").path("deployments").path(0);
    return newest.path("id").asLong() == deployment ? newest.path("status").asString("") : "";
  }

  private void report(double seconds, Machines machines) throws IOException, InterruptedException {
    var results = run.results();
    var all = statements.count();
    var reports = statements.reports();
    results.figure("fleet.statements_per_s", OneRegion.one(all / seconds), "/s");
    results.detail("that write reports", OneRegion.one(reports / seconds), "/s");
    results.detail(
        "machines' states each of these writes",
        OneRegion.one((double) statements.states() / Math.max(1, reports)),
        "");
    results.detail("deployments", OneRegion.one(deployed.size() - 1.0), "");
    results.detail("from Deploy to SUCCEEDED", took, "s");
    var lost = 0L;
    for (var build : deployed) {
      lost += machines.count() - machines.told(build).size();
    }
    none("lost", lost, "machines were never told of a build that was deployed");
    none(
        "reordered",
        machines.back().size(),
        "times machines were told to go back to an older build");
  }

  private void none(String what, long count, String meaning) {
    run.results().figure("fleet.targets_" + what, OneRegion.one((double) count), "", 1);
    if (count > 0) {
      run.results().violated(count + " " + meaning);
    }
  }

  @Override
  public void close() throws IOException {
    for (var agent : agents) {
      agent.close();
    }
  }
}
