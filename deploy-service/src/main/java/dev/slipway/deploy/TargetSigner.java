package dev.slipway.deploy;

import dev.slipway.common.artifact.SigningKey;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.TargetStatement;
import dev.slipway.common.target.Targets;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Signs targets on their way to a region, each time anew: whoever asks again gets a later expiry,
 * and nothing of it need be kept.
 */
final class TargetSigner {
  private final @Nullable SigningKey key;
  private final Duration validity;
  private final Clock clock;

  /**
   * @param key none: targets go unsigned, and only machines without target keys take them
   * @param clock machines compare the expiry with their own
   */
  TargetSigner(@Nullable SigningKey key, Duration validity, Clock clock) {
    this.key = key;
    this.validity = validity;
    this.clock = clock;
  }

  Targets sign(RegionName region, Targets found) {
    var signing = key;
    if (signing == null) {
      return found;
    }
    var expires = clock.instant().plus(validity);
    return new Targets(
        found.revision(),
        found.targets().stream()
            .map(target ->
                target.signed(
                    signing.sign(
                        TargetStatement.TYPE, new TargetStatement(region, target, expires))))
            .toList(),
        found.revoked());
  }
}
