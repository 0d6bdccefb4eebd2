package dev.slipway.deploy.console;

import dev.slipway.common.access.Caller;
import dev.slipway.common.access.Role;
import dev.slipway.common.access.Tokens;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Signs people in with their API token. Workers' and regions' tokens open no console. */
final class TokenSignIn implements AuthenticationProvider {
  private static final Set<Role> PEOPLE = Set.of(Role.VIEWER, Role.DEPLOYER, Role.ADMIN);
  private static final int LONGEST = 500;

  private final Tokens tokens;
  private final MeterRegistry meters;

  TokenSignIn(Tokens tokens, MeterRegistry meters) {
    this.tokens = tokens;
    this.meters = meters;
  }

  /** What the session was opened with; it never prints itself. */
  record Proof(String token) {
    @Override
    public String toString() {
      return "Proof";
    }
  }

  @Override
  public Authentication authenticate(Authentication attempt) {
    var token = attempt.getCredentials() instanceof String typed ? typed.strip() : "";
    var caller = personOf(token);
    meters
        .counter("slipway.console.sign_ins", "outcome", caller.isPresent() ? "accepted" : "refused")
        .increment();
    var person = caller.orElseThrow(() -> new BadCredentialsException("no person's token"));
    var signedIn =
        UsernamePasswordAuthenticationToken.authenticated(
            person, null, List.of(new SimpleGrantedAuthority(person.role().authority())));
    signedIn.setDetails(new Proof(token));
    return signedIn;
  }

  /** Whether the token that the session was opened with still is what it was. */
  boolean isValid(Authentication signedIn) {
    return signedIn.getDetails() instanceof Proof proof
        && personOf(proof.token()).filter(p -> p.equals(signedIn.getPrincipal())).isPresent();
  }

  private Optional<Caller> personOf(String token) {
    return token.isEmpty() || token.length() > LONGEST
        ? Optional.empty()
        : tokens.callerOf(token).filter(c -> PEOPLE.contains(c.role()));
  }

  @Override
  public boolean supports(Class<?> type) {
    return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
  }
}
