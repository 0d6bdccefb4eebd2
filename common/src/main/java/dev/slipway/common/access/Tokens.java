package dev.slipway.common.access;

import java.util.Optional;

/** Tells who a bearer token belongs to. */
@FunctionalInterface
public interface Tokens {
  /** The token's owner; none for a token that is unknown, expired or revoked. */
  Optional<Caller> callerOf(String token);
}
