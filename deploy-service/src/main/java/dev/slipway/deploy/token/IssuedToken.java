package dev.slipway.deploy.token;

import dev.slipway.common.access.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token as administrators see it; the secret is nowhere.
 *
 * @param scope the region of a REGION token
 * @param apps the only ones that a DEPLOYER token is for; none: all
 * @param createdBy none for what the installation's settings put there
 * @param expiresAt none: it does not
 * @param previousUntil how long the secret before the last rotation is still good
 * @param lastUsedAt within the hour; none: never since it was made
 */
public record IssuedToken(
    long id,
    String name,
    Role role,
    State state,
    @Nullable String scope,
    @Nullable List<String> apps,
    Instant createdAt,
    @Nullable String createdBy,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Nullable Instant previousUntil,
    @Nullable Instant lastUsedAt) {
  /** What a token is good for. */
  public enum State {
    VALID,
    EXPIRED,
    REVOKED
  }
}
