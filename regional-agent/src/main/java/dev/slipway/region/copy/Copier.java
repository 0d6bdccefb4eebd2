package dev.slipway.region.copy;

import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.Replication;
import dev.slipway.region.cache.ArtifactCache;
import dev.slipway.region.cache.DigestMismatch;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes one copy. It may die anywhere and simply begin again: it looks first what is there already,
 * and a claim is made only when all is.
 */
public final class Copier {
  private static final int REMEMBERED = 10_000;

  private final OwnBucket own;
  private final SignedManifests home;
  private final Transport transport;
  private final BlockCopies blocks;

  /** Builds that were said to be here: one that is wanted again was found wanting. */
  private final Set<Long> claimed =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                  return size() > REMEMBERED;
                }
              }));

  public Copier(OwnBucket own, SignedManifests home, Transport transport, BlockCopies blocks) {
    this.own = own;
    this.home = home;
    this.transport = transport;
    this.blocks = blocks;
  }

  /**
   * Copies what is missing.
   *
   * @return what can be claimed when it is done
   */
  ReplicaClaim copy(Replication wanted) throws IOException, InterruptedException {
    var moved = new AtomicLong();
    var isHere = claimed.contains(wanted.job()) ? own.holds(wanted) : own.seemsToHold(wanted);
    if (!isHere || !own.holdsManifest(wanted)) {
      var signed = home.read(wanted);
      if (!isHere) {
        put(wanted, transport.bring(wanted, signed.manifest(), moved));
      }
      blocks.copy(wanted.app(), signed.manifest());
      own.putManifest(wanted, signed.envelope());
    }
    claimed.add(wanted.job());
    return new ReplicaClaim(wanted.sha256(), wanted.size(), moved.get());
  }

  private void put(Replication wanted, ArtifactCache.Source source) throws IOException {
    try {
      own.put(wanted, source);
    } catch (DigestMismatch wrong) {
      // the next try must not read the same wrong bytes again
      transport.distrust(wanted.sha256());
      throw wrong;
    }
  }
}
