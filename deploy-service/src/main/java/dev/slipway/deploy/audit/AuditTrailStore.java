package dev.slipway.deploy.audit;

import dev.slipway.common.problem.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the audit trail: without a gap, or what somebody looks for. */
public final class AuditTrailStore {
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String QUERY_CANCELED = "57014";

  /** Subjects are words: of an app, or by number of what belongs to one. */
  private static final String FIND =
      """
      select * from audit
      where id < :before
        and (cast(:actor as text) is null or actor = :actor)
        and (cast(:action as text) is null or action = :action)
        and (cast(:from as timestamptz) is null or at >= :from)
        and (cast(:until as timestamptz) is null or at < :until)
        and (cast(:app as text) is null or case
          when subject ~ '^(job|build|replica) [0-9]{1,18}( |$)' then exists (
            select from job where job.app = :app and job.id = substring(subject from '[0-9]+')::bigint)
          when subject ~ '^deployment [0-9]{1,18}$' then exists (
            select from deployment d where d.app = :app and d.id = substring(subject from '[0-9]+')::bigint)
          else subject = 'app ' || :app end)
      order by id desc limit :limit
      """;

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
        .query(AuditTrailStore::line)
        .list();
  }

  /** The last lines that are there now, in order. Waits for nobody. */
  List<Line> newest(int limit) {
    return jdbc.sql(
            "select * from (select * from audit order by id desc limit :limit) last order by id")
        .param("limit", limit)
        .query(AuditTrailStore::line)
        .list();
  }

  /**
   * Some lines, newest first. What commits meanwhile may be missed: for people who look, not for
   * whoever keeps a copy. To be called in a transaction.
   *
   * @param before only lines of lower ids
   * @throws Problem 503 when it takes more than five seconds to find them
   */
  public List<Line> find(Filter filter, long before, int limit) {
    jdbc.sql("set local statement_timeout = '5s'").update();
    try {
      return jdbc.sql(FIND)
          .param("before", before)
          .param("app", filter.app() == null ? null : filter.app().value(), Types.VARCHAR)
          .param("actor", filter.actor(), Types.VARCHAR)
          .param("action", filter.action(), Types.VARCHAR)
          .param("from", utc(filter.from()), Types.TIMESTAMP_WITH_TIMEZONE)
          .param("until", utc(filter.until()), Types.TIMESTAMP_WITH_TIMEZONE)
          .param("limit", limit)
          .query(AuditTrailStore::line)
          .list();
    } catch (DataAccessException e) {
      if (isOf(e, QUERY_CANCELED)) {
        throw new Problem(503, "busy", "that takes too long to find; ask for a shorter time");
      }
      throw e;
    }
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant moment) {
    return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
  }

  private static Line line(ResultSet row, int n) throws SQLException {
    return new Line(
        row.getLong("id"),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getString("actor"),
        row.getString("address"),
        row.getString("action"),
        row.getString("subject"),
        row.getString("outcome"),
        row.getString("detail"));
  }

  private void lock() {
    jdbc.sql("set local lock_timeout = '2s'").update();
    try {
      jdbc.sql("lock table audit in share mode").update();
    } catch (DataAccessException e) {
      if (isOf(e, LOCK_NOT_AVAILABLE)) {
        throw new Problem(503, "busy", "something that is audited takes long; try again");
      }
      throw e;
    }
  }

  private static boolean isOf(DataAccessException failed, String state) {
    return failed.getMostSpecificCause() instanceof SQLException sql
        && state.equals(sql.getSQLState());
  }
}
