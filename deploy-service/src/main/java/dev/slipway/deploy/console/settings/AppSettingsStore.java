package dev.slipway.deploy.console.settings;

import dev.slipway.common.app.AppName;
import dev.slipway.common.app.BuildOptions;
import dev.slipway.common.app.Builds;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads what is set of apps, never their secrets, and writes how their builds are treated. Address,
 * branch and secret are build-queue-service's, which checks them.
 */
final class AppSettingsStore {
  private static final String APPS =
      """
      select name, repository, branch, recipe, builds, max_attempts, retry_failures, keep_builds, needs_approval,
             pinned_by, created_at
      from app
      """;

  private final JdbcClient jdbc;

  AppSettingsStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** By name. */
  List<AppSettings> all() {
    return jdbc.sql(APPS + "order by name").query(AppSettingsStore::read).list();
  }

  Optional<AppSettings> find(AppName app) {
    return jdbc.sql(APPS + "where name = :name")
        .param("name", app.value())
        .query(AppSettingsStore::read)
        .optional();
  }

  /** False where there is no such app. */
  boolean change(AppName app, BuildOptions options) {
    return jdbc.sql(
                """
                update app set builds = :builds, max_attempts = :attempts, retry_failures = :retry, keep_builds = :keep
                where name = :name
                """)
            .param("builds", options.builds().text())
            .param("attempts", options.maxAttempts())
            .param("retry", options.retryFailures())
            .param("keep", options.keepBuilds())
            .param("name", app.value())
            .update()
        == 1;
  }

  private static AppSettings read(ResultSet row, int n) throws SQLException {
    return new AppSettings(
        row.getString("name"),
        row.getString("repository"),
        row.getString("branch"),
        row.getString("recipe"),
        new BuildOptions(
            Builds.of(row.getString("builds")),
            row.getInt("max_attempts"),
            row.getBoolean("retry_failures"),
            row.getInt("keep_builds")),
        row.getBoolean("needs_approval"),
        row.getString("pinned_by"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
