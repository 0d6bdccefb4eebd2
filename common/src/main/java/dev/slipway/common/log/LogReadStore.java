package dev.slipway.common.log;

import dev.slipway.common.app.AppName;
import dev.slipway.common.trace.TraceParent;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where a log is, and the pieces that are in the database. */
public final class LogReadStore {
  /** A piece may have a megabyte: this bounds what one reader holds in memory. */
  private static final int PIECES_AT_ONCE = 4;

  private final JdbcClient jdbc;

  public LogReadStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Bytes of a piece, and their place in the log. */
  record Piece(long start, ByteBuffer bytes) {
    long end() {
      return start + bytes.remaining();
    }
  }

  /**
   * A whole log in a bucket.
   *
   * @param trace its build's; none of builds that have no trace
   */
  record Archive(AppName app, URI bucket, long bytes, @Nullable TraceParent trace) {}

  /** Either where the log is archived, or its next pieces. */
  record Place(@Nullable Archive archive, List<Piece> pieces) {}

  /** How many bytes there are. */
  long length(long job, int attempt) {
    return jdbc.sql(
            """
            select coalesce(
              (select bytes from log_archive where job = :job and attempt = :attempt),
              (select start + octet_length(content) from job_log
               where job = :job and attempt = :attempt order by start desc limit 1),
              0)
            """)
        .param("job", job)
        .param("attempt", attempt)
        .query(Long.class)
        .single();
  }

  /**
   * Where to read on: one statement, so that a log that is archived meanwhile is in one of the two
   * places and never in none.
   *
   * @param from the byte that the first piece holds or, when there is none yet, comes before
   */
  Place find(long job, int attempt, long from) {
    var rows =
        jdbc.sql(
                """
                select job.app, job.trace_parent, archive.bucket, archive.bytes, piece.start, piece.content
                from job
                left join log_archive archive on archive.job = job.id and archive.attempt = :attempt
                left join lateral (
                  select start, content from job_log
                  where archive.job is null and job = :job and attempt = :attempt
                    and start >= coalesce(
                      (select max(start) from job_log
                       where job = :job and attempt = :attempt and start <= :from), 0)
                  order by start limit :limit
                ) piece on true
                where job.id = :job
                order by piece.start
                """)
            .param("job", job)
            .param("attempt", attempt)
            .param("from", from)
            .param("limit", PIECES_AT_ONCE)
            .query(LogReadStore::read)
            .list();
    var pieces = new ArrayList<Piece>();
    Archive archive = null;
    for (var row : rows) {
      pieces.addAll(row.pieces());
      archive = row.archive();
    }
    return new Place(archive, pieces);
  }

  private static Place read(ResultSet row, int n) throws SQLException {
    var bucket = row.getString("bucket");
    var content = row.getString("content");
    return new Place(
        bucket == null
            ? null
            : new Archive(
                new AppName(row.getString("app")),
                URI.create(bucket),
                row.getLong("bytes"),
                TraceParent.parse(row.getString("trace_parent")).orElse(null)),
        content == null
            ? List.of()
            : List.of(new Piece(row.getLong("start"), StandardCharsets.UTF_8.encode(content))));
  }
}
