package dev.slipway.deploy;

import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
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
 */
@ConfigurationProperties("slipway.deploy")
public record DeployProperties(
    @DefaultValue("2s") Duration passInterval,
    @Nullable URI prometheusUrl,
    @DefaultValue("") String adminToken) {
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
  }
}
