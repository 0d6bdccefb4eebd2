package dev.slipway.region.cache;

import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.swarm.Swarm;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who has a place in the cache, and who must go for others: the least recently used first, but none
 * that is being filled and none that machines may be told to run.
 */
final class Shelf {
  private final Map<Sha256, Held> places = new LinkedHashMap<>(16, 0.75f, true);
  private final CacheFolder folder;
  private final long limit;
  private final Supplier<Set<Sha256>> needed;
  private long bytes;
  private long checks;

  /**
   * @param limit bytes
   * @param needed artifacts that stay
   */
  Shelf(CacheFolder folder, long limit, Supplier<Set<Sha256>> needed) throws IOException {
    this.folder = folder;
    this.limit = limit;
    this.needed = needed;
    folder.scan().forEach(this::add);
  }

  private Held add(Sha256 artifact, long size) {
    var held = new Held(size);
    places.put(artifact, held);
    bytes += size;
    return held;
  }

  synchronized Set<Sha256> artifacts() {
    return Set.copyOf(places.keySet());
  }

  synchronized boolean isComplete(Sha256 artifact) {
    var held = places.get(artifact);
    return held != null && held.isComplete;
  }

  synchronized boolean isShared(Sha256 artifact) {
    var held = places.get(artifact);
    return held != null && held.isComplete && held.membership != null;
  }

  /** The complete artifact that was checked before all others; it counts as checked from now on. */
  synchronized @Nullable Sha256 longestUnchecked() {
    var found =
        places.entrySet().stream()
            .filter(place -> place.getValue().isComplete)
            .min(Comparator.comparingLong(place -> place.getValue().checked));
    found.ifPresent(place -> place.getValue().checked = ++checks);
    return found.map(Map.Entry::getKey).orElse(null);
  }

  /**
   * Takes a place to fill; what is there of the artifact stays.
   *
   * @return false when somebody else fills it
   * @throws NoRoom when there is no place
   */
  synchronized boolean reserve(Sha256 artifact, long size) throws IOException {
    var old = places.get(artifact);
    if (old != null && old.isBusy) {
      return false;
    }
    var there = old == null ? 0 : old.size;
    makeRoom(artifact, size - there);
    if (old != null) {
      old.leave();
      bytes -= old.size;
    }
    add(artifact, size).isBusy = true;
    return true;
  }

  private void makeRoom(Sha256 forOne, long more) throws IOException {
    var stay = needed.get();
    var oldestFirst = places.entrySet().iterator();
    while (!fits(more)) {
      if (!oldestFirst.hasNext()) {
        throw new NoRoom(more);
      }
      var next = oldestFirst.next();
      var held = next.getValue();
      if (!held.isBusy && !stay.contains(next.getKey()) && !next.getKey().equals(forOne)) {
        held.leave();
        folder.delete(next.getKey());
        bytes -= held.size;
        oldestFirst.remove();
      }
    }
  }

  private boolean fits(long more) throws IOException {
    return more <= 0 || (bytes + more <= limit && folder.diskHas(more));
  }

  /** Ends the filling of a place, with all of the artifact in it. */
  synchronized void filled(Sha256 artifact, Swarm.@Nullable Membership membership) {
    var held = places.get(artifact);
    if (held != null) {
      held.isBusy = false;
      held.isComplete = true;
      held.checked = ++checks;
      held.membership = membership;
    }
  }

  /** Ends the filling of a place; what is there stays for another try. */
  synchronized void stopped(Sha256 artifact) {
    var held = places.get(artifact);
    if (held != null) {
      held.isBusy = false;
    }
  }

  /** Ends the filling of a place, and empties it. */
  synchronized void drop(Sha256 artifact) throws IOException {
    var held = places.remove(artifact);
    if (held != null) {
      held.leave();
      bytes -= held.size;
    }
    folder.delete(artifact);
  }

  synchronized long bytes() {
    return bytes;
  }
}
