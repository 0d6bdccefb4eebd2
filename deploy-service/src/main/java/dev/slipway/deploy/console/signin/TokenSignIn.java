package dev.slipway.deploy.console.signin;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Tokens;
import java.util.Optional;

/** Signs people in with their API token. Workers' and regions' tokens open no console. */
final class TokenSignIn {
  private static final int LONGEST = 500;

  private final Tokens tokens;

  TokenSignIn(Tokens tokens) {
    this.tokens = tokens;
  }

  /** Whose token it is. */
  Optional<SignedIn> find(String token) {
    return personOf(token)
        .map(person ->
            new SignedIn(person, () -> personOf(token).filter(person::equals).isPresent()));
  }

  private Optional<Caller> personOf(String token) {
    return token.isEmpty() || token.length() > LONGEST
        ? Optional.empty()
        : tokens.callerOf(token).filter(caller -> caller.role().isPersons());
  }
}
