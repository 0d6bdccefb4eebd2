package dev.slipway.queue.job;

import dev.slipway.common.job.JobStatus;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what builds print. */
public final class LogStore {
  /** A part may have a megabyte: this bounds what one reader holds in memory. */
  private static final int PARTS_AT_ONCE = 4;

  private final JdbcClient jdbc;

  public LogStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** How far a job is. */
  record Progress(JobStatus status, int attempt) {}

  /** A piece of an attempt's output. */
  record Part(int part, String content) {}

  Optional<Progress> progress(long job) {
    return jdbc.sql("select status, attempt from job where id = :job")
        .param("job", job)
        .query((row, n) ->
            new Progress(JobStatus.valueOf(row.getString("status")), row.getInt("attempt")))
        .optional();
  }

  /** The first few parts behind {@code after}; none left: an empty list. */
  List<Part> parts(long job, int attempt, int after) {
    return jdbc.sql(
            """
            select part, content from job_log
            where job = :job and attempt = :attempt and part > :after
            order by part limit :limit
            """)
        .param("job", job)
        .param("attempt", attempt)
        .param("after", after)
        .param("limit", PARTS_AT_ONCE)
        .query((row, n) -> new Part(row.getInt("part"), row.getString("content")))
        .list();
  }
}
