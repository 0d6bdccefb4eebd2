package dev.slipway.deploy.console;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what builds print, all attempts one after the other. */
final class LogStore {
  /** A part may have a megabyte: this bounds what one reader holds in memory. */
  private static final int PARTS_AT_ONCE = 4;

  private final JdbcClient jdbc;

  LogStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A place in a log: behind a part. */
  record Place(int attempt, int part) {
    static final Place START = new Place(0, -1);

    /** Reads what {@link #toString} wrote; anything else is the start. */
    static Place of(String text) {
      if (!text.matches("\\d{1,9}\\.\\d{1,9}")) {
        return START;
      }
      var dot = text.indexOf('.');
      return new Place(
          Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    @Override
    public String toString() {
      return attempt + "." + part;
    }
  }

  /** A piece of output. */
  record Part(Place place, String content) {}

  /** The first few parts behind a place; none left: an empty list. */
  List<Part> after(long job, Place place) {
    return jdbc.sql(
            """
            select attempt, part, content from job_log
            where job = :job and (attempt, part) > (:attempt, :part)
            order by attempt, part limit :limit
            """)
        .param("job", job)
        .param("attempt", place.attempt())
        .param("part", place.part())
        .param("limit", PARTS_AT_ONCE)
        .query(LogStore::read)
        .list();
  }

  /** The last parts, with at least {@code bytes} bytes of text where there are so many. */
  List<Part> tail(long job, int bytes) {
    // octet_length knows a text's size without reading it
    return jdbc.sql(
            """
            select attempt, part, content from (
              select attempt, part, content,
                     sum(octet_length(content)) over (order by attempt desc, part desc) - octet_length(content) as behind
              from job_log where job = :job) log
            where behind < :bytes
            order by attempt, part
            """)
        .param("job", job)
        .param("bytes", bytes)
        .query(LogStore::read)
        .list();
  }

  /** Whether the build may still print something. */
  boolean grows(long job) {
    return jdbc.sql("select status in ('QUEUED', 'RUNNING') from job where id = :job")
        .param("job", job)
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  private static Part read(ResultSet row, int n) throws SQLException {
    return new Part(new Place(row.getInt("attempt"), row.getInt("part")), row.getString("content"));
  }
}
