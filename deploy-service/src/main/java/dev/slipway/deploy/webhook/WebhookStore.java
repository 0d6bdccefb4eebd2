package dev.slipway.deploy.webhook;

import dev.slipway.common.app.AppName;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Receivers. */
final class WebhookStore {
  /** How many there may be. */
  static final int MOST = 100;

  private final JdbcClient jdbc;

  WebhookStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds one; none when there are as many as may be, or no such app. */
  Optional<Webhook> add(
      URI url, Kind kind, @Nullable AppName app, List<EventType> events, String secret, String by) {
    return jdbc.sql(
            """
            insert into webhook (url, kind, app, events, secret, created_by)
            select :url, :kind, :app, :events, :secret, :by
            where (select count(*) from webhook) < :most
              and (cast(:app as text) is null or exists (select from app where name = :app))
            returning *
            """)
        .param("url", url.toString())
        .param("kind", kind.name())
        .param("app", app == null ? null : app.value())
        .param("events", events.stream().map(EventType::word).toArray(String[]::new))
        .param("secret", secret)
        .param("by", by)
        .param("most", MOST)
        .query(WebhookStore::read)
        .optional();
  }

  /** Those behind an id, in order. */
  List<Webhook> list(long after, int limit) {
    return jdbc.sql("select * from webhook where id > :after order by id limit :limit")
        .param("after", after)
        .param("limit", limit)
        .query(WebhookStore::read)
        .list();
  }

  Optional<Webhook> find(long id) {
    return jdbc.sql("select * from webhook where id = :id")
        .param("id", id)
        .query(WebhookStore::read)
        .optional();
  }

  /** Forgets one, with what was sent to it. */
  boolean remove(long id) {
    return jdbc.sql("delete from webhook where id = :id").param("id", id).update() == 1;
  }

  /** Sends to it from now on; what happened while nothing was sent is not told. */
  boolean enable(long id) {
    return jdbc.sql(
                """
                update webhook
                set since = case when disabled_at is null then since else now() end, disabled_at = null,
                  disabled_reason = null, failing_since = null
                where id = :id
                """)
            .param("id", id)
            .update()
        == 1;
  }

  /** How many are told nothing because they took nothing. */
  int disabled() {
    return jdbc.sql("select count(*) from webhook where disabled_at is not null")
        .query(Integer.class)
        .single();
  }

  private static Webhook read(ResultSet row, int n) throws SQLException {
    var app = row.getString("app");
    return new Webhook(
        row.getLong("id"),
        URI.create(row.getString("url")),
        Kind.valueOf(row.getString("kind")),
        app == null ? null : new AppName(app),
        Arrays.stream((String[]) row.getArray("events").getArray()).map(EventType::of).toList(),
        row.getString("created_by"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "failing_since"),
        instant(row, "disabled_at"),
        row.getString("disabled_reason"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
