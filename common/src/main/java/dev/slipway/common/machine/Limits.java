package dev.slipway.common.machine;

import dev.slipway.common.problem.InvalidInput;

/**
 * How much of its network a machine's agent may use, in bytes a second; 0 for no limit.
 *
 * @param downloadBytesPerSecond from peers, and as much from its region
 * @param uploadBytesPerSecond to peers
 */
public record Limits(long downloadBytesPerSecond, long uploadBytesPerSecond) {
  /** The lowest limit: with less a machine would take connections for dead that are only slow. */
  public static final long LEAST = 64 << 10;

  public static final Limits NONE = new Limits(0, 0);

  public Limits {
    check(downloadBytesPerSecond, "downloadBytesPerSecond");
    check(uploadBytesPerSecond, "uploadBytesPerSecond");
  }

  private static void check(long limit, String field) {
    InvalidInput.unless(limit == 0 || limit >= LEAST, field, "must be 0 or at least " + LEAST);
  }
}
