package dev.slipway.common.swarm;

/**
 * How many peers are served at once: all of them on a link that carries it, few on a slow one.
 * There many streams would lose more packets than they bring through, and the acknowledgements of
 * what is received with them.
 */
final class UploadSlots {
  static final int MOST = 24;
  static final int LEAST = 5;

  /** Below this a stream is not worth its losses. */
  private static final long BYTES_PER_SECOND_A_SLOT = 40_000;

  private UploadSlots() {}

  /**
   * @param bytesPerSecond what is sent now, over all peers
   */
  static int at(long bytesPerSecond) {
    return Math.clamp(bytesPerSecond / BYTES_PER_SECOND_A_SLOT, LEAST, MOST);
  }
}
