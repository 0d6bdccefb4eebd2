package dev.slipway.common.schema;

import dev.slipway.common.problem.InvalidInput;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code slipway.schema}, of every service with a database.
 *
 * @param migrate whether the service brings the schema up to date when it starts; true by default.
 *     Where it does not, it waits for who does
 * @param waitAtMost the longest such wait, up to a day; 5 minutes by default
 */
@ConfigurationProperties("slipway.schema")
public record SchemaProperties(
    @DefaultValue("true") boolean migrate, @DefaultValue("5m") Duration waitAtMost) {
  public SchemaProperties {
    InvalidInput.unless(
        !waitAtMost.isNegative() && waitAtMost.toDays() < 1,
        "slipway.schema.wait-at-most",
        "must be 0s to 24h");
  }
}
