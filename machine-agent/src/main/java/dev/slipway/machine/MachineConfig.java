package dev.slipway.machine;

import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a machine agent must be told.
 *
 * @param zone where the machine stands; peers of the same zone come first
 * @param regionalAgents base addresses, tried in order; the one that answers is kept
 * @param token this machine's, sent to its region
 * @param trustedKeys Ed25519 public keys in PEM whose manifests are believed; at least one
 * @param dir everything that the agent keeps; its alone
 * @param apps what it runs; at most 100
 * @param anyApp when given, every app that the region assigns is run, with a port out of this range
 * @param swarmHost address that peers reach this machine on
 * @param swarmPort that the swarm listens on; 0 for any
 */
public record MachineConfig(
    MachineId id,
    String zone,
    List<URI> regionalAgents,
    String token,
    List<String> trustedKeys,
    Path dir,
    List<HostedApp> apps,
    @Nullable PortRange anyApp,
    String swarmHost,
    int swarmPort) {
  public MachineConfig {
    InvalidInput.unless(
        zone.matches("[A-Za-z0-9._-]{1,64}"),
        "zone",
        "must be 1 to 64 letters, digits, dots and hyphens");
    InvalidInput.unless(!regionalAgents.isEmpty(), "regional-agents", "must be at least one");
    for (var agent : regionalAgents) {
      InvalidInput.unless(
          ("http".equals(agent.getScheme()) || "https".equals(agent.getScheme()))
              && agent.getHost() != null,
          "regional-agents",
          "must be http or https addresses");
    }
    InvalidInput.unless(
        token.matches("[\\x21-\\x7e]{1,1000}"),
        "token",
        "must be 1 to 1000 visible ASCII characters");
    InvalidInput.unless(apps.size() <= Poll.MOST_APPS, "apps", "must be at most " + Poll.MOST_APPS);
    InvalidInput.unless(
        !apps.isEmpty() || anyApp != null, "apps", "must be at least one, or any-app be given");
    var names = new HashSet<>();
    var ports = new HashSet<>();
    for (var app : apps) {
      InvalidInput.unless(names.add(app.name()), "apps." + app.name(), "must be there once");
      InvalidInput.unless(
          ports.add(app.port()), "apps." + app.name() + ".port", "must not be another app's");
    }
    InvalidInput.unless(swarmPort >= 0 && swarmPort <= 65_535, "swarm-port", "must be 0 to 65535");
    regionalAgents = List.copyOf(regionalAgents);
    trustedKeys = List.copyOf(trustedKeys);
    apps = List.copyOf(apps);
    dir = dir.toAbsolutePath().normalize();
  }

  /** Without the token, so that it is never logged. */
  @Override
  public String toString() {
    return "machine " + id + " in zone " + zone + " of " + regionalAgents;
  }
}
