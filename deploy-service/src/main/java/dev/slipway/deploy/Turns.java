package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One at a time decides about an app's deployments, over all instances. A decision is one
 * transaction that has the app's turn until its commit, so nobody decides by what another is
 * changing, and who dies leaves nothing half decided. The turn is taken before any row is locked.
 */
final class Turns {
  private static final int SHORTEST_PAUSE_MILLIS = 2;
  private static final int LONGEST_PAUSE_MILLIS = 20;

  private final TransactionTemplate transaction;
  private final TurnStore store;
  private final Duration patience;

  /**
   * @param patience how long {@link #tryNow} tries. A decision takes milliseconds, and what one
   *     notice wakes meets at an app: who gave up at once would only come back by its next pass
   */
  Turns(TransactionTemplate transaction, TurnStore store, Duration patience) {
    this.transaction = transaction;
    this.store = store;
    this.patience = patience;
  }

  /** Waits for the app's turn and decides. */
  <T> T await(AppName app, Supplier<T> decision) {
    return Objects.requireNonNull(
        transaction.execute(t -> {
          store.await(app);
          return decision.get();
        }));
  }

  /**
   * Decides unless somebody else does for longer than the patience.
   *
   * @return what the decision returned; false when it was not asked
   */
  boolean tryNow(AppName app, BooleanSupplier decision) {
    var started = System.nanoTime();
    do {
      var decided =
          transaction.execute(t -> store.take(app) ? (Boolean) decision.getAsBoolean() : null);
      if (decided != null) {
        return decided;
      }
    } while (System.nanoTime() - started < patience.toNanos() && pause());
    return false;
  }

  /** False when the thread is to stop. */
  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(
          ThreadLocalRandom.current().nextInt(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
