package dev.slipway.common.target;

import java.util.List;

/**
 * A region's targets above the revision that was asked for, and the machines that were revoked
 * above it.
 *
 * @param revision to ask with next
 */
public record Targets(long revision, List<Target> targets, List<Revoked> revoked) {
  public Targets {
    // a centre or a file of before machines could be revoked says nothing of them
    revoked = revoked == null ? List.of() : revoked;
  }

  public Targets(long revision, List<Target> targets) {
    this(revision, targets, List.of());
  }
}
