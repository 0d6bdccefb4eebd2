package dev.slipway.common.blob;

import dev.slipway.common.problem.InvalidInput;

/** What a read asks for, against what there is. */
final class Ranges {
  private Ranges() {}

  /** How many bytes of an object of {@code size} a read is to give; none beyond its end. */
  static long length(long offset, long length, long size) {
    InvalidInput.unless(offset >= 0, "offset", "must not be negative");
    InvalidInput.unless(length >= 0, "length", "must not be negative");
    return Math.min(length, Math.max(0, size - offset));
  }
}
