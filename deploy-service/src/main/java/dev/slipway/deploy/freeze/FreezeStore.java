package dev.slipway.deploy.freeze;

import dev.slipway.common.app.AppName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Freezes, on the database's clock. */
public final class FreezeStore {
  private final JdbcClient jdbc;

  public FreezeStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The freeze that is on for an app and ends last.
   *
   * @param app may be one that does not exist
   */
  public Optional<Freeze> on(AppName app) {
    return jdbc.sql(
            """
            select * from freeze_window
            where (app is null or app = :app) and starts_at <= now() and ends_at > now()
            order by ends_at desc, id limit 1
            """)
        .param("app", app.value())
        .query(FreezeStore::read)
        .optional();
  }

  /** Those of an app that are to come within a time, the next first. */
  public List<Freeze> coming(AppName app, Duration within) {
    return jdbc.sql(
            """
            select * from freeze_window
            where (app is null or app = :app) and starts_at > now() and starts_at <= now() + :seconds * interval '1 s'
            order by starts_at, id limit 20
            """)
        .param("app", app.value())
        .param("seconds", within.toSeconds())
        .query(FreezeStore::read)
        .list();
  }

  /**
   * Those that are on or to come, the next to end first.
   *
   * @param after the id of one that ends before; 0 for all
   */
  List<Freeze> notOver(long after, int limit) {
    return jdbc.sql(
            """
            select * from freeze_window
            where ends_at > now()
              and (:after = 0 or (ends_at, id) > (select ends_at, id from freeze_window where id = :after))
            order by ends_at, id limit :limit
            """)
        .param("after", after)
        .param("limit", limit)
        .query(FreezeStore::read)
        .list();
  }

  /** Adds a freeze; none when it names an app that does not exist, or would be over already. */
  Optional<Freeze> add(
      @Nullable AppName app, Instant from, Instant until, String reason, String by) {
    return jdbc.sql(
            """
            insert into freeze_window (app, starts_at, ends_at, reason, created_by)
            select :app, :from, :until, :reason, :by
            where (cast(:app as text) is null or exists (select from app where name = :app)) and :until > now()
            returning *
            """)
        .param("app", app == null ? null : app.value())
        .param("from", from.atOffset(ZoneOffset.UTC))
        .param("until", until.atOffset(ZoneOffset.UTC))
        .param("reason", reason)
        .param("by", by)
        .query(FreezeStore::read)
        .optional();
  }

  /** Ends a freeze now; false when there is none of that id that is not over. */
  boolean lift(long id) {
    return jdbc.sql(
                """
                update freeze_window set starts_at = least(starts_at, now()), ends_at = now() where id = :id and ends_at > now()
                """)
            .param("id", id)
            .update()
        == 1;
  }

  private static Freeze read(ResultSet row, int n) throws SQLException {
    var app = row.getString("app");
    return new Freeze(
        row.getLong("id"),
        app == null ? null : new AppName(app),
        row.getObject("starts_at", OffsetDateTime.class).toInstant(),
        row.getObject("ends_at", OffsetDateTime.class).toInstant(),
        row.getString("reason"),
        row.getString("created_by"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
