package dev.slipway.deploy.console.signin;

import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.person.People;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Signs people in by the form: with a name and its password, or without a name and with a token.
 * What is answered does not tell whether anybody has the name.
 */
public final class SignIn {
  private static final int LONGEST = 200;

  private final TokenSignIn tokens;
  private final People people;
  private final AttemptLimit limit;
  private final SignIns signIns;

  SignIn(TokenSignIn tokens, People people, AttemptLimit limit, SignIns signIns) {
    this.tokens = tokens;
    this.people = people;
    this.limit = limit;
    this.signIns = signIns;
  }

  /**
   * For the console's chain. Not a bean: those are asked by every chain, and so here a second time,
   * which would count twice.
   */
  public AuthenticationProvider provider() {
    return new AuthenticationProvider() {
      @Override
      public Authentication authenticate(Authentication attempt) {
        return SignIn.this.authenticate(attempt);
      }

      @Override
      public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
      }
    };
  }

  private Authentication authenticate(Authentication attempt) {
    var name = attempt.getName().strip();
    var secret = attempt.getCredentials() instanceof String typed ? typed : "";
    var address =
        attempt.getDetails() instanceof WebAuthenticationDetails from
            ? String.valueOf(from.getRemoteAddress())
            : "";
    if (name.length() > LONGEST || !limit.admits(name, address)) {
      signIns.count(false);
      throw new LockedException("too many attempts");
    }
    var found = find(name, secret);
    signIns.count(found.isPresent());
    var signedIn = found.orElseThrow(() -> new BadCredentialsException("nobody's"));
    limit.succeeded(name, address);
    return Proof.signedIn(signedIn.caller(), signedIn.proof());
  }

  private Optional<SignedIn> find(String name, String secret) {
    try {
      return name.isEmpty() ? tokens.find(secret.strip()) : byPassword(name, secret);
    } catch (Problem | DataAccessException busy) {
      throw new AuthenticationServiceException("busy", busy);
    }
  }

  private Optional<SignedIn> byPassword(String name, String password) {
    return password.isEmpty() || password.length() > LONGEST
        ? Optional.empty()
        : people
            .find(name, password)
            .map(known -> new SignedIn(known.caller(), () -> people.isStill(known)));
  }
}
