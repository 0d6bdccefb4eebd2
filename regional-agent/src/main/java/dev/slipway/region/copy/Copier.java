package dev.slipway.region.copy;

import dev.slipway.common.artifact.Manifest;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.replica.ReplicationMode;
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
  private final BucketCopy bucketCopy;
  private final BlockCopies blocks;
  private final ProvenanceCopies provenances;

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

  public Copier(
      OwnBucket own,
      SignedManifests home,
      Transport transport,
      BucketCopy bucketCopy,
      BlockCopies blocks,
      ProvenanceCopies provenances) {
    this.own = own;
    this.home = home;
    this.transport = transport;
    this.bucketCopy = bucketCopy;
    this.blocks = blocks;
    this.provenances = provenances;
  }

  /**
   * Copies what is missing; when it is done, the copy can be claimed.
   *
   * @param moved is increased by what came over the wide area, also when it fails
   */
  void copy(Replication wanted, AtomicLong moved) throws IOException, InterruptedException {
    var isHere = isHere(wanted);
    if (!isHere || !own.holdsManifest(wanted)) {
      var signed = home.read(wanted);
      blocks.copy(wanted.app(), signed.manifest());
      if (!isHere) {
        bring(wanted, signed.manifest(), moved);
      }
      own.putManifest(wanted, signed.envelope());
    }
    provenances.copy(wanted);
    claimed.add(wanted.job());
  }

  /** By what the bucket says, unless there is a reason to read all of it. */
  private boolean isHere(Replication wanted) throws IOException {
    var unsure = claimed.contains(wanted.job()) || wanted.mode() == ReplicationMode.BUCKET_COPY;
    return unsure ? own.holds(wanted) : own.seemsToHold(wanted);
  }

  private void bring(Replication wanted, Manifest manifest, AtomicLong moved)
      throws IOException, InterruptedException {
    switch (wanted.mode()) {
      case SWARM -> put(wanted, transport.bring(wanted, manifest, moved));
      case BUCKET_COPY -> bucketCopy.make(wanted, moved);
    }
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
