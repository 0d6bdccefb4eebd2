package dev.slipway.bench.ha;

import dev.slipway.bench.Jars;
import dev.slipway.bench.deploy.Balancer;
import dev.slipway.bench.workers.Member;
import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.machine.MachineAgent;
import dev.slipway.machine.MachineConfig;
import dev.slipway.machine.PortRange;
import dev.slipway.machine.ProvenancePolicy;
import dev.slipway.region.RegionalAgentApplication;
import dev.slipway.standalone.Ports;
import dev.slipway.standalone.Wait;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A region: its agents, each a process, its machines, whose agents live here, and its way to the
 * centre.
 */
final class Region implements AutoCloseable {
  private static final List<String> JVM =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
  private static final Duration LONGEST_START = Duration.ofMinutes(5);

  private final RegionName name;
  private final List<Integer> ports;
  private final Path folder;
  private final Centre centre;
  private final Wire deploy;
  private final Wire replication;
  private final String secret = Secrets.random();
  private final List<Member> agents = new ArrayList<>();
  private final List<MachineAgent> machines = new ArrayList<>();

  /** Registers it and starts its agents; ready a while later. */
  Region(RegionName name, List<Integer> ports, Path folder, Centre centre)
      throws IOException, InterruptedException {
    this.name = name;
    this.ports = ports;
    this.folder = Files.createDirectories(folder);
    this.centre = centre;
    this.deploy = new Wire(centre.address(Centre.Kind.DEPLOY).getPort());
    this.replication = new Wire(centre.address(Centre.Kind.REPLICATION).getPort());
    centre
        .api(Centre.Kind.REPLICATION)
        .put(
            "/api/v1/regions/" + name,
            Map.of("bucket", centre.bucket(name.value()), "wanted", true));
    var token = centre.tokenOf(name);
    for (var port : ports) {
      var agent = agent(port);
      agents.add(
          new Member(
              agent,
              Jars.command(RegionalAgentApplication.class, JVM, settings(agent, port, token)),
              folder.resolve(agent + ".log")));
    }
  }

  private List<String> settings(String agent, int port, String token) {
    return List.of(
        "--server.port=" + port,
        "--server.address=127.0.0.1",
        "--slipway.region.name=" + name,
        "--slipway.region.agent=" + agent,
        "--slipway.region.url=" + address(port),
        "--slipway.region.dir=" + folder.resolve(agent),
        "--slipway.region.bucket=" + centre.bucket(name.value()),
        "--slipway.region.home-bucket=" + centre.bucket("home"),
        "--slipway.region.replication-url=" + address(replication.port()),
        "--slipway.region.deploy-url=" + address(deploy.port()),
        "--slipway.region.token=" + token,
        "--slipway.region.machine-secret=" + secret,
        "--slipway.region.trusted-key-files=" + centre.publicKey(),
        "--slipway.region.swarm-host=127.0.0.1",
        "--slipway.region.swarm-port=0");
  }

  /** The name of the agent on a port, and of its folder. */
  static String agent(int port) {
    return "agent-" + port;
  }

  private static URI address(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Starts machines, once its agents listen.
   *
   * @param first their place among all machines, whose ports for apps they take
   */
  void populate(int count, Ports all, int first) throws IOException, InterruptedException {
    for (var port : ports) {
      Wait.until(
          "an agent of " + name, LONGEST_START, () -> Balancer.isListening(port) ? name : null);
    }
    for (var n = 0; n < count; n++) {
      var apps = new PortRange(all.firstApp(first + n), all.lastApp(first + n));
      var agent = machine(new MachineId(name + "-" + (n + 1)), apps);
      machines.add(agent);
      agent.start();
    }
  }

  private MachineAgent machine(MachineId id, PortRange apps) throws IOException {
    return new MachineAgent(
        new MachineConfig(
            id,
            name,
            "zone",
            Labels.NONE,
            ports.stream().map(Region::address).toList(),
            new MachineTokens(secret).tokenOf(id),
            List.of(Files.readString(centre.publicKey())),
            List.of(Files.readString(centre.targetKey())),
            ProvenancePolicy.usual(ProvenancePolicy.Mode.ENFORCE),
            folder.resolve(id.value()),
            List.of(),
            apps,
            MachineConfig.KEEP_RELEASES,
            "127.0.0.1",
            0,
            false),
        Clock.systemUTC(),
        new SimpleMeterRegistry());
  }

  RegionName name() {
    return name;
  }

  /** From now on its way to the centre is so long. */
  void stretch(Wire.Length length) {
    deploy.stretch(length);
    replication.stretch(length);
  }

  int firstPort() {
    return ports.getFirst();
  }

  /** How many machines it has. */
  int machines() {
    return machines.size();
  }

  boolean isWhole() {
    return agents.stream().allMatch(Member::isAlive);
  }

  @Override
  public void close() throws IOException {
    machines.forEach(MachineAgent::stopApps);
    machines.forEach(MachineAgent::close);
    agents.forEach(Member::destroy);
    deploy.close();
    replication.close();
  }
}
