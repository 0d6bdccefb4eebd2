package dev.slipway.reaper;

import dev.slipway.common.problem.InvalidInput;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code slipway.reaper}.
 *
 * @param heartbeatInterval how often workers send; at least a second, 10 s by default
 * @param timeout after which a worker that was not heard of is lost; at least twice the interval,
 *     60 s by default
 * @param passInterval between looks at the running jobs; 5 s by default
 */
@ConfigurationProperties("slipway.reaper")
public record ReaperProperties(
    @DefaultValue("10s") Duration heartbeatInterval,
    @DefaultValue("60s") Duration timeout,
    @DefaultValue("5s") Duration passInterval) {
  public ReaperProperties {
    InvalidInput.unless(
        heartbeatInterval.toSeconds() >= 1,
        "slipway.reaper.heartbeat-interval",
        "must be at least 1s");
    InvalidInput.unless(
        timeout.compareTo(heartbeatInterval.multipliedBy(2)) >= 0,
        "slipway.reaper.timeout",
        "must be at least twice the heartbeat interval");
    InvalidInput.unless(
        passInterval.toMillis() >= 100, "slipway.reaper.pass-interval", "must be at least 100ms");
  }
}
