package dev.slipway.region.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.swarm.AnnounceKeys;
import dev.slipway.common.swarm.PieceWish;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.region.OwnAddress;
import dev.slipway.region.target.Snapshot;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a machine must run, with where it gets it: all from this agent. */
public final class Assignments {
  private final OwnAddress own;
  private final AnnounceKeys keys;

  public Assignments(OwnAddress own, AnnounceKeys keys) {
    this.own = own;
    this.keys = keys;
  }

  /** The assignments of a machine that its poll does not know yet. */
  List<Assignment> of(MachineId machine, Poll poll, Snapshot targets) {
    var hosts = Set.copyOf(poll.hosts());
    return targets
        .above(poll.after())
        .filter(target -> hosts.isEmpty() || hosts.contains(target.app()))
        .flatMap(target -> assignment(machine, poll.zone(), target))
        .toList();
  }

  private Stream<Assignment> assignment(MachineId machine, String zone, Target target) {
    var release = target.releaseFor(machine);
    if (release == null) {
      return Stream.empty();
    }
    var base = own.address();
    return Stream.of(
        new Assignment(
            target.app(),
            target.revision(),
            release,
            manifest(base, target.app(), release),
            artifact(base, target.app(), release.sha256()),
            PieceWish.dealtAt(keys.address(base, release.sha256(), machine.value(), zone))));
  }

  private static URI manifest(URI base, AppName app, Release release) {
    var file = release.manifest().substring(release.manifest().lastIndexOf('/') + 1);
    return URI.create(base + "/api/v1/manifests/" + app + "/" + file);
  }

  private static URI artifact(URI base, AppName app, Sha256 sha256) {
    return URI.create(base + "/artifacts/" + app + "/" + sha256);
  }
}
