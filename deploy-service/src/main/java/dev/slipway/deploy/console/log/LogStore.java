package dev.slipway.deploy.console.log;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far a build's log may go. */
final class LogStore {
  private final JdbcClient jdbc;

  LogStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** How many attempts a build has had; none where there is no such build. */
  Optional<Integer> find(long job) {
    return jdbc.sql("select attempt from job where id = :job")
        .param("job", job)
        .query(Integer.class)
        .optional();
  }

  /** How many attempts there were. */
  int attempts(long job) {
    return find(job).orElse(0);
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
