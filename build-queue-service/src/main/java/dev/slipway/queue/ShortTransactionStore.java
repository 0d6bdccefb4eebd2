package dev.slipway.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Transactions that PostgreSQL itself ends when they wait for too long. A caller that gives up only
 * closes its connection, which a backend that waits for a lock does not notice: without a limit of
 * its own it would go on waiting, and so would the next one.
 */
final class ShortTransactionStore implements TransactionOperations {
  /** Tries of an enqueueing that fit into the time. */
  private static final int TRIES = 3;

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Duration within;

  /**
   * @param within for one statement, and for idling between two; a third of it for one lock
   */
  ShortTransactionStore(JdbcClient jdbc, TransactionOperations transaction, Duration within) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.within = within;
  }

  @Override
  public <T extends @Nullable Object> T execute(TransactionCallback<T> action)
      throws TransactionException {
    return transaction.execute(status -> {
      limit();
      return action.doInTransaction(status);
    });
  }

  private void limit() {
    jdbc.sql(
            """
            select set_config('lock_timeout', :lock, true), set_config('statement_timeout', :within, true),
              set_config('idle_in_transaction_session_timeout', :within, true)
            """)
        .param("lock", within.toMillis() / TRIES + "ms")
        .param("within", within.toMillis() + "ms")
        .query((row, n) -> true)
        .single();
  }
}
