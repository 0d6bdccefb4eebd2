package dev.slipway.deploy.token;

import dev.slipway.common.access.Role;
import dev.slipway.common.access.Secrets;
import dev.slipway.common.app.AppName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Gives out tokens and takes them back, on the database's clock. Secrets leave no trace but their
 * hash.
 */
public final class IssuedTokenStore {
  private final JdbcClient jdbc;

  public IssuedTokenStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Those with an id above {@code after}, oldest first. */
  List<IssuedToken> page(long after, int limit) {
    return jdbc.sql(
            """
            select *, case when revoked_at is not null then 'REVOKED' when expires_at <= now() then 'EXPIRED' else 'VALID' end as state
            from api_token where id > :after order by id limit :limit
            """)
        .param("after", after)
        .param("limit", limit)
        .query(IssuedTokenStore::read)
        .list();
  }

  Optional<IssuedToken> find(long id) {
    return page(id - 1, 1).stream().filter(token -> token.id() == id).findFirst();
  }

  /**
   * Makes a token; one of that name that is no longer valid gives way.
   *
   * @return its id; none when there is a valid one of that name
   */
  Optional<Long> add(TokenWish wish, String secret, String by) {
    return jdbc.sql(
            """
            insert into api_token (name, role, scope, apps, hash, created_by, expires_at)
            values (:name, :role, :scope, string_to_array(cast(:apps as text), ','), :hash, :by, now() + make_interval(days => :days))
            on conflict (name) do update
            set role = excluded.role, scope = excluded.scope, apps = excluded.apps, hash = excluded.hash, created_at = now(),
                created_by = excluded.created_by, expires_at = excluded.expires_at, revoked_at = null, previous_hash = null,
                previous_until = null, last_used_at = null
            where api_token.revoked_at is not null or api_token.expires_at <= now()
            returning id
            """)
        .param("name", wish.name())
        .param("role", wish.role().name())
        .param("scope", wish.scope() == null ? null : wish.scope().value())
        .param("apps", joined(wish.apps()))
        .param("hash", Secrets.sha256(secret))
        .param("by", by)
        .param("days", wish.days())
        .query(Long.class)
        .optional();
  }

  private static @Nullable String joined(@Nullable Set<AppName> apps) {
    return apps == null ? null : apps.stream().map(AppName::value).collect(Collectors.joining(","));
  }

  /**
   * Gives a valid token another secret. The one before stays good for {@code overlap}, at most
   * until it would have expired; the one before that is not good any more.
   *
   * @return false when there is no valid token of that id
   */
  boolean rotate(long id, String secret, Duration overlap, int days) {
    return jdbc.sql(
                """
                update api_token
                set hash = :hash, expires_at = now() + make_interval(days => :days),
                    previous_hash = case when :overlap > 0 then hash end,
                    previous_until = case when :overlap > 0 then least(now() + make_interval(secs => :overlap), expires_at) end
                where id = :id and revoked_at is null and (expires_at is null or expires_at > now())
                """)
            .param("id", id)
            .param("hash", Secrets.sha256(secret))
            .param("overlap", overlap.toSeconds())
            .param("days", days)
            .update()
        == 1;
  }

  /**
   * Ends a token, with all its secrets.
   *
   * @return false when there is none of that id, or it was ended before
   */
  boolean revoke(long id) {
    return jdbc.sql("update api_token set revoked_at = now() where id = :id and revoked_at is null")
            .param("id", id)
            .update()
        == 1;
  }

  private static IssuedToken read(ResultSet row, int n) throws SQLException {
    var apps = row.getArray("apps");
    return new IssuedToken(
        row.getLong("id"),
        row.getString("name"),
        Role.valueOf(row.getString("role")),
        IssuedToken.State.valueOf(row.getString("state")),
        row.getString("scope"),
        apps == null ? null : List.of((String[]) apps.getArray()),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getString("created_by"),
        moment(row, "expires_at"),
        moment(row, "revoked_at"),
        moment(row, "previous_until"),
        moment(row, "last_used_at"));
  }

  private static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
