package dev.slipway.region.cache;

import dev.slipway.common.swarm.Swarm;
import org.jspecify.annotations.Nullable;

/** An artifact's place in the cache. Guarded by the {@link Shelf}. */
final class Held {
  final long size;

  /** Somebody is filling it. */
  boolean isBusy;

  /** All of it is here and was checked. */
  boolean isComplete;

  /** When its place was last checked, in the order of checks. */
  long checked;

  Swarm.@Nullable Membership membership;

  Held(long size) {
    this.size = size;
  }

  void leave() {
    if (membership != null) {
      membership.close();
      membership = null;
    }
  }
}
