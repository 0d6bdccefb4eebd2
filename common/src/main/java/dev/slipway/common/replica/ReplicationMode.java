package dev.slipway.common.replica;

/** How artifacts come into the regions' buckets. */
public enum ReplicationMode {
  /** By the swarm of all regions, with the home bucket as web seed. */
  SWARM,

  /** The buckets' service copies from the home bucket. */
  BUCKET_COPY
}
