package dev.slipway.region.target;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Revoked;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All of the region's targets at one revision, and the machines that were revoked by then.
 *
 * @param newestFirst by last revision, so that a poll looks at the few that it does not know
 * @param revoked by machine, the revision at which it was revoked last
 * @param artifacts that any machine may be told to run, or to have ahead
 */
public record Snapshot(
    long revision, List<Target> newestFirst, Map<MachineId, Long> revoked, Set<Sha256> artifacts) {
  static Snapshot of(Targets all) {
    return new Snapshot(
        all.revision(),
        all.targets().stream()
            .sorted(Comparator.comparingLong(Target::lastRevision).reversed())
            .toList(),
        all.revoked().stream()
            .collect(Collectors.toUnmodifiableMap(Revoked::machine, Revoked::revision, Math::max)),
        all.targets().stream()
            .flatMap(Snapshot::releases)
            .map(Release::sha256)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The releases that a target names. */
  public static Stream<Release> releases(Target target) {
    var ahead = target.ahead();
    return Stream.of(target.release(), target.previous(), ahead == null ? null : ahead.release())
        .filter(Objects::nonNull);
  }

  /** Those that were revoked before, and these. */
  List<Revoked> revokedBesides(List<Revoked> newer) {
    return Stream.concat(
            revoked.entrySet().stream().map(r -> new Revoked(r.getKey(), r.getValue())),
            newer.stream())
        .toList();
  }

  /** The revocation that a machine's credentials must have been given after; 0 for none. */
  public long epochOf(MachineId machine) {
    return revoked.getOrDefault(machine, 0L);
  }

  /** The targets that changed above a revision. */
  public Stream<Target> above(long revision) {
    return newestFirst.stream().takeWhile(target -> target.lastRevision() > revision);
  }
}
