package dev.slipway.deploy;

import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.Revoked;
import dev.slipway.common.target.Target;
import dev.slipway.common.target.Targets;
import dev.slipway.deploy.machine.RevocationStore;
import java.util.stream.LongStream;

/** What a region follows by one revision: its targets, and its machines that were revoked. */
final class TargetFeed {
  private final TargetStore targets;
  private final RevocationStore revocations;

  TargetFeed(TargetStore targets, RevocationStore revocations) {
    this.targets = targets;
    this.revocations = revocations;
  }

  /** All of it above a revision. */
  Targets after(RegionName region, long revision) {
    // up to here nothing is left out below, whatever is written between the statements
    var seen = targets.newestRevision();
    var changed = targets.after(region, revision).targets();
    var revoked = revocations.after(region, revision);
    var last =
        LongStream.concat(
                changed.stream().mapToLong(Target::lastRevision),
                revoked.stream().mapToLong(Revoked::revision))
            .max()
            .orElse(revision);
    return new Targets(Math.max(revision, Math.min(seen, last)), changed, revoked);
  }
}
