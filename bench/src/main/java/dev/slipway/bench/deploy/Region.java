package dev.slipway.bench.deploy;

import dev.slipway.bench.Jars;
import dev.slipway.bench.workers.Member;
import dev.slipway.common.access.MachineTokens;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Target;
import dev.slipway.region.RegionalAgentApplication;
import dev.slipway.standalone.Wait;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A region: its agent, its machines, and its way to the centre. */
final class Region implements AutoCloseable {
  private static final List<String> JVM =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");
  private static final Duration LONGEST_START = Duration.ofMinutes(3);

  private final RegionName name;
  private final int port;
  private final Path folder;
  private final Balancer centre;
  private final Path trustedKey;
  private final Path targetKey;
  private final String secret = Secrets.random();
  private final Member agent;
  private final List<Host> hosts = new ArrayList<>();

  /**
   * Starts its agent.
   *
   * @param services the centre, to which it makes a way of its own
   * @param token that the centre knows it by
   */
  Region(
      RegionName name,
      int port,
      Path folder,
      Services services,
      URI replication,
      Builds builds,
      String token)
      throws IOException {
    this.name = name;
    this.port = port;
    this.folder = Files.createDirectories(folder);
    this.centre = services.way();
    this.targetKey = services.targetKey();
    this.trustedKey = builds.publicKey();
    var settings =
        List.of(
            "--server.port=" + port,
            "--server.address=127.0.0.1",
            "--slipway.region.name=" + name,
            "--slipway.region.dir=" + folder.resolve("agent"),
            "--slipway.region.bucket=" + builds.bucket().toUri(),
            "--slipway.region.home-bucket=" + builds.bucket().toUri(),
            "--slipway.region.replication-url=" + replication,
            "--slipway.region.deploy-url=" + centre.address(),
            "--slipway.region.token=" + token,
            "--slipway.region.machine-secret=" + secret,
            "--slipway.region.trusted-key-files=" + trustedKey,
            "--slipway.region.swarm-host=127.0.0.1",
            "--slipway.region.swarm-port=0");
    this.agent =
        new Member(
            name.value(),
            Jars.command(RegionalAgentApplication.class, JVM, settings),
            folder.resolve("agent.log"));
  }

  /**
   * Starts machines, half of which a wave of 50 % covers.
   *
   * @param firstPort of those for their apps
   */
  void populate(int machines, int firstPort) throws IOException {
    var halves =
        Stream.concat(
                ids().filter(this::isInFirstHalf).limit(machines / 2),
                ids().filter(id -> !isInFirstHalf(id)).limit(machines - machines / 2))
            .toList();
    for (var id : halves) {
      var settings =
          Map.of(
              "region", name.value(),
              "regional-agents", "http://127.0.0.1:" + port,
              "token", new MachineTokens(secret).tokenOf(id),
              "trusted-key-files", trustedKey.toString(),
              "target-key-files", targetKey.toString());
      hosts.add(new Host(id, folder.resolve(id.value()), settings, firstPort + hosts.size()));
    }
  }

  private Stream<MachineId> ids() {
    return IntStream.iterate(1, n -> n + 1).mapToObj(n -> new MachineId(name + "-" + n));
  }

  /** Whether a wave of 50 % covers a machine. */
  private boolean isInFirstHalf(MachineId id) {
    return Target.slot(Builds.APP, id) < 50;
  }

  List<Host> firstHalf() {
    return hosts.stream().filter(host -> isInFirstHalf(host.id())).toList();
  }

  List<Host> hosts() {
    return hosts;
  }

  void awaitAgent() throws IOException, InterruptedException {
    Wait.until(
        "the agent of " + name, LONGEST_START, () -> Balancer.isListening(port) ? name : null);
  }

  /** Kills the agent, and starts it again. */
  void restartAgent() throws IOException, InterruptedException {
    agent.kill();
    agent.ensure();
    awaitAgent();
  }

  /** Nothing passes between the region and the centre until {@link #heal}. */
  void cut() {
    centre.cut();
  }

  void heal() {
    centre.heal();
  }

  @Override
  public void close() throws IOException {
    for (var host : hosts) {
      host.crash();
    }
    agent.destroy();
    Residents.kill(folder);
    centre.close();
  }
}
