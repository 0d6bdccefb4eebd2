package dev.slipway.common.artifact;

/** What an artifact's bytes are. */
public enum Form {
  /** The one file that the build made. */
  FILE,
  /** A folder, as a tar. */
  TAR
}
