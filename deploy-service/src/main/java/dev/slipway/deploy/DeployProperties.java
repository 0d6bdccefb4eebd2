package dev.slipway.deploy;

import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code slipway.deploy}.
 *
 * @param passInterval between passes over the open deployments when nothing woke them; 2 s by
 *     default, as bake times and silent machines wake nobody
 * @param prometheusUrl whom to ask for the analyses of waves; none: nobody answers them
 * @param adminToken makes this the token of {@code admin} at start; empty leaves tokens as they are
 * @param targetKeyFile Ed25519 private key that signs targets, PKCS #8 in PEM; without it targets
 *     are not signed
 * @param targetPublicKeyFile its public half, SubjectPublicKeyInfo in PEM
 * @param targetValidity how long a machine may begin to act on a target after a regional agent got
 *     it; 1 hour to 365 days, 7 days by default
 * @param sessionLifetime how long somebody stays signed in to the console, whatever they do; 5
 *     minutes to 7 days, 12 hours by default
 */
@ConfigurationProperties("slipway.deploy")
public record DeployProperties(
    @DefaultValue("2s") Duration passInterval,
    @Nullable URI prometheusUrl,
    @DefaultValue("") String adminToken,
    @Nullable Path targetKeyFile,
    @Nullable Path targetPublicKeyFile,
    @DefaultValue("7d") Duration targetValidity,
    @DefaultValue("12h") Duration sessionLifetime) {
  public DeployProperties {
    InvalidInput.unless(
        passInterval.toMillis() >= 100, "slipway.deploy.pass-interval", "must be at least 100ms");
    InvalidInput.unless(
        prometheusUrl == null
            || (prometheusUrl.getHost() != null
                && List.of("http", "https").contains(prometheusUrl.getScheme())),
        "slipway.deploy.prometheus-url",
        "must be an http or https address");
    InvalidInput.unless(
        adminToken.isEmpty() || adminToken.length() >= 32,
        "slipway.deploy.admin-token",
        "must be at least 32 characters");
    InvalidInput.unless(
        (targetKeyFile == null) == (targetPublicKeyFile == null),
        "slipway.deploy.target-public-key-file",
        "must be given with target-key-file, and only then");
    InvalidInput.unless(
        targetValidity.toHours() >= 1 && targetValidity.toDays() <= 365,
        "slipway.deploy.target-validity",
        "must be 1h to 365d");
    InvalidInput.unless(
        sessionLifetime.toMinutes() >= 5 && sessionLifetime.toDays() <= 7,
        "slipway.deploy.session-lifetime",
        "must be 5m to 7d");
  }
}
