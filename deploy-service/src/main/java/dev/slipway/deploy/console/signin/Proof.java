package dev.slipway.deploy.console.signin;

import dev.slipway.common.access.Caller;
import java.util.List;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What a session was opened with. */
@FunctionalInterface
public interface Proof {
  /** Whether it still is good, and for what it was. */
  boolean holds();

  /** Somebody who is signed in for as long as the proof holds. */
  static Authentication signedIn(Caller caller, Proof proof) {
    var signedIn =
        UsernamePasswordAuthenticationToken.authenticated(
            caller, null, List.of(new SimpleGrantedAuthority(caller.role().authority())));
    signedIn.setDetails(proof);
    return signedIn;
  }
}
