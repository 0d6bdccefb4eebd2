package dev.slipway.common.replica;

/**
 * {@code WANTED → PRESENT} (claimed by the region) {@code → VERIFIED}, or {@code CORRUPT → PRESENT}
 * again.
 */
public enum ReplicaStatus {
  WANTED,
  PRESENT,
  VERIFIED,
  CORRUPT
}
