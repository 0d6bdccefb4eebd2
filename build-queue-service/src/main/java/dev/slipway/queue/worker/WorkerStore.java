package dev.slipway.queue.worker;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads who the workers are. */
public final class WorkerStore {
  private final JdbcClient jdbc;

  public WorkerStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Workers that were heard of within a day, by name: those after {@code after}. */
  List<WorkerView> page(String after, int limit) {
    return jdbc.sql("select * from worker where name > :after order by name limit :limit")
        .param("after", after)
        .param("limit", limit)
        .query((row, n) ->
            new WorkerView(
                row.getString("name"),
                row.getInt("slots"),
                row.getInt("busy"),
                List.of((String[]) row.getArray("labels").getArray()),
                row.getBoolean("draining"),
                instant(row, "started_at"),
                instant(row, "seen_at")))
        .list();
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
