package dev.slipway.machine.artifact;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.swarm.Swarm.Membership;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One artifact on this machine, its swarm and who needs it. Equal builds need the same one. */
final class Held {
  /** One at a time fetches or removes it. */
  final ReentrantLock lock = new ReentrantLock();

  private final Set<Object> holders = new HashSet<>();
  private @Nullable Membership membership;
  private volatile @Nullable Offer offer;

  /** What can be shared: checked, and here. */
  record Offer(Assignment release, Manifest manifest) {}

  void add(Object holder) {
    holders.add(holder);
  }

  /** Whether nobody needs it any more. */
  boolean remove(Object holder) {
    holders.remove(holder);
    return holders.isEmpty();
  }

  boolean isShared() {
    return membership != null;
  }

  void share(Membership joined) {
    membership = joined;
  }

  @Nullable Membership membership() {
    return membership;
  }

  /** Says that it is here, so that it is shared, now or later. */
  void offer(Offer here) {
    offer = here;
  }

  @Nullable Offer offer() {
    return offer;
  }

  void leave() {
    offer = null;
    if (membership != null) {
      membership.close();
      membership = null;
    }
  }
}
