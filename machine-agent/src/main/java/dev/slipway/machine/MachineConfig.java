package dev.slipway.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.region.RegionName;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a machine agent must be told.
 *
 * @param region the machine's, which targets are signed for; none only where nobody signs them
 * @param zone where the machine stands; peers of the same zone come first
 * @param labels what it is, for those who deploy to machines with labels
 * @param regionalAgents base addresses, tried in order; the one that answers is kept
 * @param token this machine's, sent to its region
 * @param trustedKeys Ed25519 public keys in PEM whose manifests are believed; at least one
 * @param targetKeys Ed25519 public keys in PEM whose targets are believed; none: all targets are
 * @param provenance what is asked of where releases come from
 * @param dir everything that the agent keeps; its alone
 * @param apps what it runs; at most 100
 * @param anyApp when given, every app that the region assigns is run, with a port out of this range
 * @param keepReleases how many releases that ran each app keeps on disk, the one that runs and the
 *     one before among them; 2 to 20
 * @param swarmHost address that peers reach this machine on
 * @param swarmPort that the swarm listens on; 0 for any
 * @param stopApps whether its apps end with the agent's process, each as its release asks for;
 *     otherwise they run on
 */
public record MachineConfig(
    MachineId id,
    @Nullable RegionName region,
    String zone,
    Labels labels,
    List<URI> regionalAgents,
    String token,
    List<String> trustedKeys,
    List<String> targetKeys,
    ProvenancePolicy provenance,
    Path dir,
    List<HostedApp> apps,
    @Nullable PortRange anyApp,
    int keepReleases,
    String swarmHost,
    int swarmPort,
    boolean stopApps) {
  /** How many releases each app keeps where nothing else is said. */
  public static final int KEEP_RELEASES = 3;

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
    InvalidInput.unless(
        targetKeys.isEmpty() || region != null, "region", "must be given with target keys");
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
    InvalidInput.unless(
        keepReleases >= 2 && keepReleases <= 20, "keep-releases", "must be 2 to 20");
    InvalidInput.unless(swarmPort >= 0 && swarmPort <= 65_535, "swarm-port", "must be 0 to 65535");
    regionalAgents = List.copyOf(regionalAgents);
    trustedKeys = List.copyOf(trustedKeys);
    targetKeys = List.copyOf(targetKeys);
    apps = List.copyOf(apps);
    dir = dir.toAbsolutePath().normalize();
  }

  /** The repositories of the apps that are told one of their own. */
  Map<AppName, String> repositories() {
    var all = new HashMap<AppName, String>();
    for (var app : apps) {
      var repository = app.repository();
      if (repository != null) {
        all.put(app.name(), repository);
      }
    }
    return all;
  }

  /** With another token. */
  MachineConfig withToken(String other) {
    return new MachineConfig(
        id,
        region,
        zone,
        labels,
        regionalAgents,
        other,
        trustedKeys,
        targetKeys,
        provenance,
        dir,
        apps,
        anyApp,
        keepReleases,
        swarmHost,
        swarmPort,
        stopApps);
  }

  /** Without the token, so that it is never logged. */
  @Override
  public String toString() {
    return "machine " + id + " in zone " + zone + " of " + regionalAgents;
  }
}
