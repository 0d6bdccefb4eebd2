package dev.slipway.deploy.console.oidc;

import dev.slipway.common.access.Role;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code slipway.deploy.oidc}.
 *
 * @param issuer exactly as the issuer names itself; https, or http on this host
 * @param clientId what the issuer knows this installation as
 * @param clientSecretFile what the issuer gave for it; none: it is a public client
 * @param scopes asked for besides {@code openid}
 * @param nameClaim what people are called by; one that they cannot change themselves
 * @param groupsClaim a list of texts, or one
 * @param grants who gets which role
 */
@ConfigurationProperties("slipway.deploy.oidc")
public record OidcProperties(
    URI issuer,
    String clientId,
    @Nullable Path clientSecretFile,
    @DefaultValue({"profile", "email"}) List<String> scopes,
    @DefaultValue("preferred_username") String nameClaim,
    @DefaultValue("groups") String groupsClaim,
    @DefaultValue List<Grant> grants) {
  /**
   * What those in a group may do.
   *
   * @param apps the only ones that a DEPLOYER may act on; empty: all
   */
  public record Grant(String group, Role role, @DefaultValue Set<String> apps) {
    public Grant {
      InvalidInput.unless(
          group != null && !group.isBlank(),
          "slipway.deploy.oidc.grants.group",
          "must name a group");
      InvalidInput.unless(
          role != null && role.isPersons(),
          "slipway.deploy.oidc.grants.role",
          "must be VIEWER, DEPLOYER or ADMIN");
      InvalidInput.unless(
          apps.isEmpty() || role == Role.DEPLOYER,
          "slipway.deploy.oidc.grants.apps",
          "is for DEPLOYER alone");
      apps.forEach(AppName::new);
      apps = Set.copyOf(apps);
    }
  }

  public OidcProperties {
    InvalidInput.unless(
        issuer.getHost() != null
            && ("https".equals(issuer.getScheme())
                || ("http".equals(issuer.getScheme())
                    && Set.of("localhost", "127.0.0.1", "[::1]").contains(issuer.getHost()))),
        "slipway.deploy.oidc.issuer",
        "must be an https address, or an http address of this host");
    InvalidInput.unless(
        clientId != null && !clientId.isBlank(), "slipway.deploy.oidc.client-id", "must be given");
    InvalidInput.unless(
        !grants.isEmpty(),
        "slipway.deploy.oidc.grants",
        "must give somebody a role: [0].group and [0].role");
    grants = List.copyOf(grants);
    scopes = List.copyOf(scopes);
  }
}
