package dev.slipway.deploy.console.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.common.access.Role;
import dev.slipway.deploy.console.TestIssuer;
import dev.slipway.deploy.console.oidc.OidcProperties.Grant;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

@NullMarked
class IssuerTest {
  private final TestIssuer there;
  private final Issuer issuer;

  IssuerTest() throws Exception {
    there = new TestIssuer();
    issuer = new Issuer(properties(there.address()));
  }

  @AfterEach
  void stop() {
    there.close();
  }

  private static OidcProperties properties(String address) {
    return new OidcProperties(
        URI.create(address),
        "slipway",
        null,
        List.of("profile"),
        "name",
        "groups",
        List.of(new Grant("all", Role.VIEWER, Set.of())));
  }

  @Test
  void it_is_asked_once_for_where_people_go() {
    var found = Objects.requireNonNull(issuer.findByRegistrationId("sso"));
    assertThat(found.getProviderDetails().getAuthorizationUri())
        .isEqualTo(there.address() + "/authorize");
    assertThat(found.getScopes()).containsExactlyInAnyOrder("openid", "profile");
    assertThat(found.getClientAuthenticationMethod()).isEqualTo(ClientAuthenticationMethod.NONE);
    assertThat(found.getClientSettings().isRequireProofKey()).as("PKCE").isTrue();
    there.close();
    assertThat(issuer.findByRegistrationId("sso")).isSameAs(found);
    assertThat(issuer.findByRegistrationId("other")).isNull();
  }

  @Test
  void one_that_calls_itself_otherwise_is_not_believed() {
    there.name = "https://elsewhere.example";
    assertThatThrownBy(() -> issuer.findByRegistrationId("sso"))
        .hasMessageContaining("the issuer calls itself");
  }

  @Test
  void one_that_is_away_is_asked_again() {
    there.name = "away";
    assertThatThrownBy(() -> issuer.findByRegistrationId("sso")).isNotNull();
    there.name = "";
    assertThat(issuer.findByRegistrationId("sso")).isNotNull();
  }
}
