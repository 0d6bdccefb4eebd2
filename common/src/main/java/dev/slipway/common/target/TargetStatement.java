package dev.slipway.common.target;

import dev.slipway.common.region.RegionName;
import java.time.Instant;

/**
 * What the centre signs, so that a machine need not believe whoever hands it a target.
 *
 * @param target without what is to be had ahead, which nobody runs
 * @param expires from then on nobody begins to act on it; what runs goes on
 */
public record TargetStatement(RegionName region, Target target, Instant expires) {
  /** The type of payload that it is in its envelope. */
  public static final String TYPE = "application/vnd.slipway.target+json";

  public TargetStatement {
    target =
        new Target(
            target.app(),
            target.revision(),
            target.release(),
            target.share(),
            target.previous(),
            null,
            null,
            target.labels(),
            target.groups());
  }
}
