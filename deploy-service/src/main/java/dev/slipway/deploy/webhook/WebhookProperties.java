package dev.slipway.deploy.webhook;

import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code slipway.webhooks}.
 *
 * @param consoleUrl where people open the console; what is sent links to it
 * @param allowedHosts names or addresses that may be told although they are of this network; none
 *     by default
 * @param giveUpAfter how long an event is tried, 1 minute to 7 days; default 24 hours
 * @param disableAfter how long a receiver may take nothing before it is told no more, 1 minute to
 *     30 days; default 3 days
 */
@ConfigurationProperties("slipway.webhooks")
public record WebhookProperties(
    @DefaultValue("http://localhost:8080") URI consoleUrl,
    @DefaultValue List<String> allowedHosts,
    @DefaultValue("24h") Duration giveUpAfter,
    @DefaultValue("3d") Duration disableAfter) {
  public WebhookProperties {
    allowedHosts = allowedHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    InvalidInput.unless(
        isBetween(giveUpAfter, Duration.ofDays(7)),
        "slipway.webhooks.give-up-after",
        "must be 1m to 7d");
    InvalidInput.unless(
        isBetween(disableAfter, Duration.ofDays(30)),
        "slipway.webhooks.disable-after",
        "must be 1m to 30d");
  }

  private static boolean isBetween(Duration value, Duration most) {
    return value.compareTo(Duration.ofMinutes(1)) >= 0 && value.compareTo(most) <= 0;
  }
}
