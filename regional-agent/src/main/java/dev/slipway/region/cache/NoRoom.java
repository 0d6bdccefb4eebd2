package dev.slipway.region.cache;

import java.io.IOException;

/** The cache cannot take an artifact of this size: by its limit, or as the disk is full. */
public final class NoRoom extends IOException {
  private static final long serialVersionUID = 1;

  NoRoom(long size) {
    super("no room for " + size + " bytes in the cache");
  }
}
