package dev.slipway.queue;

import dev.slipway.queue.status.ForgeSettings;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What can be set.
 *
 * @param allowFileRepositories whether a repository may be a path of this machine; default false:
 *     whoever may register apps could read what this service's account can
 * @param webhookTimeout after which a webhook is answered 503 with {@code Retry-After} where the
 *     database is not done, 100 ms to 10 s; default 800 ms
 * @param reconcileInterval between two looks at an app's branch, 1 s to 1 day; default 3 minutes
 * @param reconcileParallelism branches that are looked at at once, 1 to 64; default 4
 * @param gitTimeout of one question to a repository, 1 s to 5 minutes; default 30 seconds
 * @param consoleUrl where people open the console; statuses on commits link to it
 * @param forges those that are told how builds go, at most 50
 * @param followers how many logs may be followed at once, 1 to 10,000; default 200
 * @param followAtMost how long one connection follows a log, 1 s to 1 day; default 2 hours
 */
@Validated
@ConfigurationProperties("slipway.queue")
public record QueueProperties(
    @DefaultValue("false") boolean allowFileRepositories,
    @DefaultValue("800ms") @DurationMin(millis = 100) @DurationMax(seconds = 10)
        Duration webhookTimeout,
    @DefaultValue("3m") @DurationMin(seconds = 1) @DurationMax(days = 1) Duration reconcileInterval,
    @DefaultValue("4") @Min(1) @Max(64) int reconcileParallelism,
    @DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(minutes = 5) Duration gitTimeout,
    @DefaultValue("http://localhost:8080") URI consoleUrl,
    @DefaultValue @Size(max = 50) List<ForgeSettings> forges,
    @DefaultValue("200") @Min(1) @Max(10_000) int followers,
    @DefaultValue("2h") @DurationMin(seconds = 1) @DurationMax(days = 1) Duration followAtMost) {}
