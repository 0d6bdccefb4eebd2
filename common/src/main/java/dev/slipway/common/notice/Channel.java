package dev.slipway.common.notice;

import java.util.Locale;

/** The channels of PostgreSQL's LISTEN and NOTIFY that Slipway uses. */
public enum Channel {
  /** A job may be claimed. */
  JOB_QUEUED,
  /** A job changed its state or has ended. */
  JOB_CHANGED,
  /** A replica was claimed or judged, a region was excluded or included. */
  REPLICA_CHANGED,
  /** Every wanted region's copy of a build was verified. */
  BUILD_REPLICATED,
  /** A deployment was made, or its state changed. */
  DEPLOYMENT_CHANGED,
  /** A target has a new revision. */
  TARGET_CHANGED,
  /** Machines reported. */
  FLEET_CHANGED;

  /** The name that PostgreSQL knows it by. */
  public String id() {
    return "slipway_" + name().toLowerCase(Locale.ROOT);
  }
}
