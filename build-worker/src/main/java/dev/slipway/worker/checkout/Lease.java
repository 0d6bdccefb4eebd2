package dev.slipway.worker.checkout;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A copy of a repository in use: until this is closed it stays where it is. */
final class Lease implements AutoCloseable {
  private final Copy copy;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /**
   * @param copy whose use has begun
   */
  Lease(Copy copy) {
    this.copy = copy;
  }

  Path folder() {
    return copy.folder();
  }

  /** The copy turned out to be broken: whoever comes next gets another. */
  void spoil() {
    copy.spoil();
  }

  @Override
  public void close() {
    if (open.getAndSet(false)) {
      copy.release();
    }
  }
}
