package dev.slipway.common.access;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tokens in the database, kept as hashes; each is looked up anew for every request. */
public final class TokenStore implements Tokens {
  private final JdbcClient jdbc;

  public TokenStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A token's row.
   *
   * @param stale whether its last use is to be written down again
   */
  private record Found(long id, Caller caller, boolean stale) {}

  @Override
  public Optional<Caller> callerOf(String token) {
    var found =
        jdbc.sql(
                """
                select id, name, role, scope, apps, coalesce(last_used_at < now() - interval '1 hour', true) as stale
                from api_token
                where (hash = :hash or (previous_hash = :hash and previous_until > now()))
                  and revoked_at is null and (expires_at is null or expires_at > now())
                """)
            .param("hash", Secrets.sha256(token))
            .query((row, n) -> new Found(row.getLong("id"), caller(row), row.getBoolean("stale")))
            .optional();
    found.filter(Found::stale).ifPresent(used -> noteUse(used.id()));
    return found.map(Found::caller);
  }

  private static Caller caller(ResultSet row) throws SQLException {
    return new Caller(
        row.getString("name"),
        Role.valueOf(row.getString("role")),
        row.getString("scope"),
        apps(row.getArray("apps")));
  }

  private static @Nullable Set<AppName> apps(@Nullable Array names) throws SQLException {
    return names == null
        ? null
        : Arrays.stream((String[]) names.getArray())
            .map(AppName::new)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Once an hour at most, and never waiting for somebody who changes the token. */
  private void noteUse(long id) {
    jdbc.sql(
            """
            update api_token set last_used_at = now()
            where id = (select id from api_token where id = :id
              and coalesce(last_used_at < now() - interval '1 hour', true) for update skip locked)
            """)
        .param("id", id)
        .update();
  }

  /** Makes {@code token} the token of {@code name}, for good, in place of one it had. */
  public void put(String name, Role role, @Nullable String scope, String token) {
    InvalidInput.unless(
        !name.isEmpty() && name.length() <= 100, "name", "must be 1 to 100 characters");
    InvalidInput.unless(
        role != Role.MACHINE, "role", "MACHINE: machines get their tokens from their region");
    InvalidInput.unless(
        role != Role.REGION || scope != null, "scope", "must name the region of a REGION token");
    jdbc.sql(
            """
            insert into api_token (name, role, scope, hash) values (:name, :role, :scope, :hash)
            on conflict (name) do update
            set role = :role, scope = :scope, apps = null, hash = :hash, created_at = now(), created_by = null,
                expires_at = null, revoked_at = null, previous_hash = null, previous_until = null
            """)
        .param("name", name)
        .param("role", role.name())
        .param("scope", scope)
        .param("hash", Secrets.sha256(token))
        .update();
  }
}
