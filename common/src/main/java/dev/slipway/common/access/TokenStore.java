package dev.slipway.common.access;

import dev.slipway.common.problem.InvalidInput;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tokens in the database, kept as hashes. */
public final class TokenStore implements Tokens {
  private final JdbcClient jdbc;

  public TokenStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<Caller> callerOf(String token) {
    return jdbc.sql(
            """
            select name, role, scope from api_token
            where hash = :hash and revoked_at is null and (expires_at is null or expires_at > now())
            """)
        .param("hash", Secrets.sha256(token))
        .query((row, n) ->
            new Caller(
                row.getString("name"), Role.valueOf(row.getString("role")), row.getString("scope")))
        .optional();
  }

  /** Makes {@code token} the token of {@code name}, in place of one it had. */
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
            set role = :role, scope = :scope, hash = :hash, created_at = now(), expires_at = null, revoked_at = null
            """)
        .param("name", name)
        .param("role", role.name())
        .param("scope", scope)
        .param("hash", Secrets.sha256(token))
        .update();
  }
}
