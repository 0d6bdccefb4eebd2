package dev.slipway.machine.app;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The newest of what was offered and not acted on yet. Anyone puts, one takes. */
final class Offers<T> {
  private final AtomicReference<@Nullable T> newest = new AtomicReference<>();
  private final ToLongFunction<T> revision;

  Offers(ToLongFunction<T> revision) {
    this.revision = revision;
  }

  /** Puts one in the place of those of the same or a lower revision. */
  void put(T offered) {
    newest.accumulateAndGet(
        offered, (a, b) -> a != null && b != null && revisionOf(a) > revisionOf(b) ? a : b);
  }

  private long revisionOf(T offered) {
    return revision.applyAsLong(offered);
  }

  /** Stays until it is {@link #done}: what could not be written down is not lost. */
  @Nullable T peek() {
    return newest.get();
  }

  void done(T taken) {
    newest.compareAndSet(taken, null);
  }

  boolean hasAbove(long known) {
    var offered = newest.get();
    return offered != null && revisionOf(offered) > known;
  }
}
