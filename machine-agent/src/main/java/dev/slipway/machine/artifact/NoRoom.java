package dev.slipway.machine.artifact;

import java.io.IOException;

/** The disk has no room for what is asked for. */
public final class NoRoom extends IOException {
  private static final long serialVersionUID = 1;

  NoRoom(long free, long needed) {
    super("the disk has %d MB free, but %d MB are needed".formatted(free >> 20, needed >> 20));
  }
}
