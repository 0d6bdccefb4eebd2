package dev.slipway.replication.retention;

import dev.slipway.common.problem.InvalidInput;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code slipway.retention}.
 *
 * @param enabled whether anything is retired and deleted; off by default, as it needs to write
 *     every bucket. What would be deleted can be asked for in either case
 * @param homeBucket where workers publish to; required when enabled
 * @param passInterval between passes; 1 h by default, at least 1 min
 * @param grace from a build's retirement to the deletion of its objects, and from the moment that
 *     its artifact is put aside to its end; 1 h by default, at least 10 min, which no attempt takes
 *     from its upload to its end
 * @param logs how long the log of a build that is not kept stays after its end; 90 days by default,
 *     at least 1 day
 */
@ConfigurationProperties("slipway.retention")
public record RetentionProperties(
    @DefaultValue("false") boolean enabled,
    @Nullable URI homeBucket,
    @DefaultValue("1h") Duration passInterval,
    @DefaultValue("1h") Duration grace,
    @DefaultValue("90d") Duration logs) {
  public RetentionProperties {
    InvalidInput.unless(
        !enabled || homeBucket != null, "slipway.retention.home-bucket", "must be given");
    atLeast(passInterval, Duration.ofMinutes(1), "pass-interval", "1m");
    atLeast(grace, Duration.ofMinutes(10), "grace", "10m");
    atLeast(logs, Duration.ofDays(1), "logs", "1d");
  }

  private static void atLeast(Duration given, Duration least, String name, String text) {
    InvalidInput.unless(
        given.compareTo(least) >= 0, "slipway.retention." + name, "must be at least " + text);
  }
}
