package dev.slipway.deploy.console.oidc;

import dev.slipway.deploy.console.signin.SignIns;
import dev.slipway.deploy.console.signin.SingleSignOn;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestTemplate;

/** Sign-in by OpenID Connect, where an issuer is named. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("slipway.deploy.oidc.issuer")
@EnableConfigurationProperties(OidcProperties.class)
public class OidcConfiguration {
  @Bean
  SingleSignOn singleSignOn(OidcProperties properties, SignIns signIns) {
    var grants = new Grants(properties);
    return new OidcSignIn(new Issuer(properties), grants, new Arrival(grants, signIns));
  }

  /**
   * Checks ID tokens: who signed them, by the keys that the issuer has now, for whom, and until
   * when. The nonce is checked by who asks.
   */
  @Bean
  JwtDecoderFactory<ClientRegistration> idTokens() {
    var http = new JdkClientHttpRequestFactory();
    http.setReadTimeout(OidcSignIn.TIMEOUT);
    return issuer -> {
      var decoder =
          NimbusJwtDecoder.withJwkSetUri(
                  Objects.requireNonNull(issuer.getProviderDetails().getJwkSetUri()))
              .restOperations(new RestTemplate(http))
              .jwsAlgorithms(all -> all.addAll(List.of(SignatureAlgorithm.values())))
              .build();
      decoder.setJwtValidator(
          new DelegatingOAuth2TokenValidator<>(
              new JwtTimestampValidator(), new OidcIdTokenValidator(issuer)));
      return decoder;
    };
  }
}
