package dev.slipway.common.problem;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Tells in a line why PostgreSQL lets nobody in; a service without its driver skips this class. */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class DatabaseFailure extends AbstractFailureAnalyzer<PSQLException> {
  /**
   * Classes of SQL states: no connection, no such user, no such database, not yet or no more there.
   */
  private static final String NO_WAY_IN = "(08|28|3D|57P).*";

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable failure, PSQLException refused) {
    var state = refused.getSQLState();
    return state != null && state.matches(NO_WAY_IN)
        ? new FailureAnalysis(
            "PostgreSQL cannot be used: " + refused.getMessage(),
            "Check that it runs, and spring.datasource.url, username and password.",
            failure)
        : null;
  }
}
