package dev.slipway.deploy.console.signin;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/** The way into the console by an issuer that vouches for people. */
public interface SingleSignOn {
  /** The path that sends a browser to the issuer. */
  String START = "/oauth2/authorization/sso";

  /** The path that the issuer sends it back to. */
  String RETURN = "/login/oauth2/code/sso";

  /** Whether the issuer is known by now, or can be reached. */
  boolean isThere();

  /** Adds the way to the console's chain. */
  void addTo(HttpSecurity http);
}
