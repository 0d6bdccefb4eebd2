package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One at a time decides about an app's deployments, over all instances. A decision is one
 * transaction that has the app's turn until its commit, so nobody decides by what another is
 * changing, and who dies leaves nothing half decided. The turn is taken before any row is locked.
 */
final class Turns {
  private final TransactionTemplate transaction;
  private final TurnStore store;

  Turns(TransactionTemplate transaction, TurnStore store) {
    this.transaction = transaction;
    this.store = store;
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
   * Decides unless somebody else just does.
   *
   * @return what the decision returned; false when it was not asked
   */
  boolean tryNow(AppName app, BooleanSupplier decision) {
    return Boolean.TRUE.equals(
        transaction.execute(t -> store.take(app) && decision.getAsBoolean()));
  }
}
