package dev.slipway.deploy;

import dev.slipway.common.app.AppName;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The turns of {@link Turns}: advisory locks that end with their transaction. They are not locks of
 * the app's row, as pushes must not wait while a large fleet is looked at.
 */
final class TurnStore {
  private final JdbcClient jdbc;

  TurnStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void await(AppName app) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended('deployments of ' || :app, 0))")
        .param("app", app.value())
        .query(row -> {});
  }

  boolean take(AppName app) {
    return jdbc.sql(
            "select pg_try_advisory_xact_lock(hashtextextended('deployments of ' || :app, 0))")
        .param("app", app.value())
        .query(Boolean.class)
        .single();
  }
}
