package dev.slipway.region.target;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Whether what the centre says can be kept; part of the agent's readiness. */
public final class TargetHealth implements HealthIndicator {
  private final TargetCache targets;

  public TargetHealth(TargetCache targets) {
    this.targets = targets;
  }

  @Override
  public Health health() {
    return targets.isBehind()
        ? Health.down()
            .withDetail("reason", "what the centre says cannot be written: is the disk full?")
            .build()
        : Health.up().build();
  }
}
