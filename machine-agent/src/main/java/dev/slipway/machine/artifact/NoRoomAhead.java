package dev.slipway.machine.artifact;

import java.io.IOException;

/** The disk has room for what is asked for, but not for what may be asked for next. */
public final class NoRoomAhead extends IOException {
  private static final long serialVersionUID = 1;

  /** Stays free: this part of the disk, up to so many bytes. */
  private static final int SHARE = 10;

  private static final long MOST = 20L << 30;

  private NoRoomAhead(String reason) {
    super(reason);
  }

  /** Wants room for the artifact and the release that is made of it, and some that stays free. */
  static void unless(long size, long free, long total) throws NoRoomAhead {
    var stays = Math.min(total / SHARE, MOST);
    if (size > (free - stays) / 2) {
      throw new NoRoomAhead(
          "the disk has %d MB free, of which %d MB stay free: too little for two times %d MB"
              .formatted(free >> 20, stays >> 20, size >> 20));
    }
  }
}
