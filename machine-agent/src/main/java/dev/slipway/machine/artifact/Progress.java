package dev.slipway.machine.artifact;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Bytes of a running download that are there; read by anyone. */
public final class Progress {
  private volatile long bytes;
  private volatile @Nullable LongSupplier source;

  void at(long there) {
    bytes = there;
  }

  void follow(LongSupplier supplier) {
    source = supplier;
  }

  void unfollow() {
    bytes = bytes();
    source = null;
  }

  public long bytes() {
    var followed = source;
    return followed == null ? bytes : followed.getAsLong();
  }
}
