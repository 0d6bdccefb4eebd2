package dev.slipway.region.target;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.target.Release;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All of the region's targets at one revision.
 *
 * @param newestFirst by revision, so that a poll looks at the few that it does not know
 * @param artifacts that any machine may be told to run
 */
public record Snapshot(long revision, List<Target> newestFirst, Set<Sha256> artifacts) {
  static Snapshot of(Targets all) {
    return new Snapshot(
        all.revision(),
        all.targets().stream()
            .sorted(Comparator.comparingLong(Target::revision).reversed())
            .toList(),
        all.targets().stream()
            .flatMap(target -> Stream.of(target.release(), target.previous()))
            .filter(Objects::nonNull)
            .map(Release::sha256)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The targets above a revision. */
  public Stream<Target> above(long revision) {
    return newestFirst.stream().takeWhile(target -> target.revision() > revision);
  }
}
