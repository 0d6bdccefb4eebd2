package dev.slipway.deploy.console.oidc;

import dev.slipway.deploy.console.signin.SingleSignOn;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.client.RestClient;

/** The authorization code flow, with PKCE and a nonce, on the console's chain. */
final class OidcSignIn implements SingleSignOn {
  /** The code of a refusal for who is known there and nobody here. */
  static final String NO_ROLE = "no_role";

  /** Of one call to the issuer. */
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(OidcSignIn.class);

  private final Issuer issuer;
  private final Grants grants;
  private final Arrival arrival;

  OidcSignIn(Issuer issuer, Grants grants, Arrival arrival) {
    this.issuer = issuer;
    this.grants = grants;
    this.arrival = arrival;
  }

  @Override
  public boolean isThere() {
    try {
      return issuer.findByRegistrationId(Issuer.ID) != null;
    } catch (UncheckedIOException away) {
      log.warn("The issuer of people's sign-in cannot be used", away);
      return false;
    }
  }

  @Override
  public void addTo(HttpSecurity http) {
    http.oauth2Login(login ->
        login
            .loginPage("/login")
            .clientRegistrationRepository(issuer)
            .authorizedClientRepository(new NoClients())
            .authorizationEndpoint(sent -> sent.authorizationRequestRepository(new RequestCookie()))
            .tokenEndpoint(token -> token.accessTokenResponseClient(tokens()))
            .userInfoEndpoint(user -> user.oidcUserService(this::known))
            .successHandler(arrival)
            .failureHandler(arrival));
  }

  /** By the ID token alone: what else the issuer knows is not asked for. */
  private OidcUser known(OidcUserRequest request) {
    var idToken = request.getIdToken();
    if (grants.callerOf(idToken.getClaims()).isEmpty()) {
      throw new OAuth2AuthenticationException(new OAuth2Error(NO_ROLE));
    }
    return new DefaultOidcUser(List.of(), idToken);
  }

  private static RestClientAuthorizationCodeTokenResponseClient tokens() {
    var http = new JdkClientHttpRequestFactory();
    http.setReadTimeout(TIMEOUT);
    var client = new RestClientAuthorizationCodeTokenResponseClient();
    client.setRestClient(
        RestClient.builder()
            .requestFactory(http)
            .configureMessageConverters(converters ->
                converters
                    .addCustomConverter(new FormHttpMessageConverter())
                    .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
            .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
            .build());
    return client;
  }
}
