package dev.slipway.deploy.audit;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the audit trail, without a gap. */
public final class AuditTrailStore {
  private final JdbcClient jdbc;

  public AuditTrailStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What somebody did, or was refused.
   *
   * @param address where from; none where nobody called
   */
  public record Line(
      long id,
      Instant at,
      String actor,
      @Nullable String address,
      String action,
      String subject,
      String outcome,
      @Nullable String detail) {}

  /**
   * The lines above an id, in order. Ids are given before their transactions commit, so it waits
   * for those under way, at most two seconds, and holds up new ones for as long as it reads: no
   * line below the last one returned appears later. To be called in a transaction.
   */
  List<Line> after(long id, int limit) {
    jdbc.sql("set local lock_timeout = '2s'").update();
    jdbc.sql("lock table audit in share mode").update();
    return jdbc.sql("select * from audit where id > :id order by id limit :limit")
        .param("id", id)
        .param("limit", limit)
        .query((row, n) ->
            new Line(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("address"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("outcome"),
                row.getString("detail")))
        .list();
  }
}
