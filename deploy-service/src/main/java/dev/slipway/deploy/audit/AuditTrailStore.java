package dev.slipway.deploy.audit;

import dev.slipway.common.problem.Problem;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the audit trail, without a gap. */
public final class AuditTrailStore {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

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
   *
   * @throws Problem 503 when those under way take longer
   */
  List<Line> after(long id, int limit) {
    lock();
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

  private void lock() {
    jdbc.sql("set local lock_timeout = '2s'").update();
    try {
      jdbc.sql("lock table audit in share mode").update();
    } catch (DataAccessException e) {
      if (e.getMostSpecificCause() instanceof SQLException sql
          && LOCK_NOT_AVAILABLE.equals(sql.getSQLState())) {
        throw new Problem(503, "busy", "something that is audited takes long; try again");
      }
      throw e;
    }
  }
}
