package dev.slipway.common.rate;

import dev.slipway.common.problem.InvalidInput;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much one caller may ask of one instance. Workers, regions and machines are not held to it.
 *
 * @param perSecond calls a second with one person's token, 1 to 100,000; default 100
 * @param burst calls at once after a pause, 1 to 100,000; default 1,000
 * @param anonymousPerSecond calls a second from one address without a valid token, 1 to 100,000;
 *     default 10
 * @param anonymousBurst the same at once after a pause; default 100
 */
@ConfigurationProperties("slipway.rate")
public record RateProperties(
    @DefaultValue("100") int perSecond,
    @DefaultValue("1000") int burst,
    @DefaultValue("10") int anonymousPerSecond,
    @DefaultValue("100") int anonymousBurst) {
  private static final int MOST = 100_000;

  public RateProperties {
    require("per-second", perSecond);
    require("burst", burst);
    require("anonymous-per-second", anonymousPerSecond);
    require("anonymous-burst", anonymousBurst);
  }

  private static void require(String key, int value) {
    InvalidInput.unless(value >= 1 && value <= MOST, "slipway.rate." + key, "must be 1 to " + MOST);
  }
}
