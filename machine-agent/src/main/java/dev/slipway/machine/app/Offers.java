package dev.slipway.machine.app;

import dev.slipway.common.machine.Assignment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The newest assignment that was not acted on yet. Anyone puts, one takes. */
final class Offers {
  private final AtomicReference<@Nullable Assignment> newest = new AtomicReference<>();

  /** Puts one in the place of those of the same or a lower revision. */
  void put(Assignment offered) {
    newest.accumulateAndGet(
        offered, (a, b) -> a != null && b != null && a.revision() > b.revision() ? a : b);
  }

  /** Stays until it is {@link #done}: what could not be written down is not lost. */
  @Nullable Assignment peek() {
    return newest.get();
  }

  void done(Assignment taken) {
    newest.compareAndSet(taken, null);
  }

  boolean hasAbove(long revision) {
    var offered = newest.get();
    return offered != null && offered.revision() > revision;
  }
}
