package dev.slipway.machine.artifact;

import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.machine.Assignment;
import dev.slipway.common.swarm.Swarm.Membership;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One artifact on this machine, its swarm and who needs it. Equal builds need the same one. */
final class Held {
  /** One at a time fetches or removes it. */
  final ReentrantLock lock = new ReentrantLock();

  /** A release that needs it. */
  record Holder(AppName app, long build) {}

  private final Set<Holder> holders = ConcurrentHashMap.newKeySet();

  /** What was put together of it was wrong: it is fetched whole. Guarded by the lock. */
  boolean isFetchedWhole;

  private @Nullable Membership membership;
  private volatile @Nullable Offer offer;

  /** What can be shared: checked, and here. */
  record Offer(Assignment release, Manifest manifest) {}

  void add(Holder holder) {
    holders.add(holder);
  }

  /** Whether nobody needs it any more. */
  boolean remove(Holder holder) {
    holders.remove(holder);
    return holders.isEmpty();
  }

  /** The newest build of an app that needs it. */
  OptionalLong newestOf(AppName app) {
    return holders.stream()
        .filter(holder -> holder.app().equals(app))
        .mapToLong(Holder::build)
        .max();
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
