package dev.slipway.region.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.ArtifactNames;
import dev.slipway.common.artifact.Envelope;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.Prefetch;
import dev.slipway.common.target.Ahead;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.region.OwnAddress;
import dev.slipway.region.target.Snapshot;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a machine must run or have ahead, with where it gets it: all from this agent. */
public final class Assignments {
  private final OwnAddress own;
  private final long prefetchRate;

  /**
   * @param prefetchRate bytes a second of what a machine fetches ahead, each
   */
  public Assignments(OwnAddress own, long prefetchRate) {
    this.own = own;
    this.prefetchRate = prefetchRate;
  }

  /** The assignments of a machine that its poll does not know yet. */
  List<Assignment> of(MachineId machine, Poll poll, Snapshot targets) {
    return unknown(poll, targets)
        .map(target -> assignment(machine, poll.labels(), target))
        .filter(Objects::nonNull)
        .toList();
  }

  /** What a machine should have ahead, where its poll does not know it yet. */
  List<Prefetch> ahead(MachineId machine, Poll poll, Snapshot targets) {
    return unknown(poll, targets)
        .filter(target -> target.isFor(poll.labels()))
        .flatMap(
            target -> Stream.ofNullable(target.ahead()).map(a -> ahead(machine, target.app(), a)))
        .toList();
  }

  private Prefetch ahead(MachineId machine, AppName app, Ahead ahead) {
    var release = assignment(machine, app, ahead.revision(), ahead.release(), null);
    return new Prefetch(app, ahead.revision(), release, prefetchRate);
  }

  private static Stream<Target> unknown(Poll poll, Snapshot targets) {
    var hosts = Set.copyOf(poll.hosts());
    return targets
        .above(poll.after())
        .filter(target -> hosts.isEmpty() || hosts.contains(target.app()));
  }

  private @Nullable Assignment assignment(MachineId machine, Labels labels, Target target) {
    var release = target.releaseFor(machine, labels);
    return assignment(
        machine,
        target.app(),
        target.revision(),
        target.release().equals(release) ? told(target.release(), machine) : release,
        target.signed());
  }

  /** What a deployment brings, in the span that the machine has in it. */
  private static Release told(Release release, MachineId machine) {
    var region = release.trace();
    return region == null ? release : release.in(region.child("machine/" + machine));
  }

  private @Nullable Assignment assignment(
      MachineId machine,
      AppName app,
      long revision,
      @Nullable Release release,
      @Nullable Envelope signed) {
    if (release == null) {
      return null;
    }
    var base = own.address();
    return new Assignment(
        app,
        revision,
        release,
        manifest(base, app, release),
        artifact(base, app, release.sha256()),
        pass(base, machine, app, release.sha256()),
        signed,
        provenance(base, app, release));
  }

  private static URI manifest(URI base, AppName app, Release release) {
    return URI.create(base + "/api/v1/manifests/" + app + "/" + file(release.manifest()));
  }

  private static URI provenance(URI base, AppName app, Release release) {
    var file = file(ArtifactNames.provenanceOf(release.manifest()));
    return URI.create(base + "/api/v1/provenance/" + app + "/" + file);
  }

  private static String file(String object) {
    return object.substring(object.lastIndexOf('/') + 1);
  }

  private static URI pass(URI base, MachineId machine, AppName app, Sha256 sha256) {
    return URI.create(base + "/api/v1/machines/" + machine + "/passes/" + app + "/" + sha256);
  }

  private static URI artifact(URI base, AppName app, Sha256 sha256) {
    return URI.create(base + "/artifacts/" + app + "/" + sha256);
  }
}
