package dev.slipway.deploy.console;

import org.springframework.jdbc.core.simple.JdbcClient;

/** How far a build's log may go. */
final class LogStore {
  private final JdbcClient jdbc;

  LogStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** How many attempts there were. */
  int attempts(long job) {
    return jdbc.sql("select attempt from job where id = :job")
        .param("job", job)
        .query(Integer.class)
        .optional()
        .orElse(0);
  }

  /** Whether the build may still print something. */
  boolean grows(long job) {
    return jdbc.sql("select status in ('QUEUED', 'RUNNING') from job where id = :job")
        .param("job", job)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }
}
