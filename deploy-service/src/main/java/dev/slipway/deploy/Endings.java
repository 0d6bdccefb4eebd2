package dev.slipway.deploy;

import dev.slipway.deploy.timeline.LeadTimes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts deployments that ended at their gate, once each over all instances. */
final class Endings {
  private final LeadTimes leadTimes;
  private final Map<DeploymentStatus, Counter> ended = new EnumMap<>(DeploymentStatus.class);

  /**
   * @param meters gets {@code slipway.deployments.ended} by {@code outcome}: succeeded, failed
   */
  Endings(LeadTimes leadTimes, MeterRegistry meters) {
    this.leadTimes = leadTimes;
    for (var outcome :
        new DeploymentStatus[] {DeploymentStatus.SUCCEEDED, DeploymentStatus.FAILED}) {
      ended.put(
          outcome,
          meters.counter(
              "slipway.deployments.ended", "outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
  }

  /** Counts a deployment whose step was just committed, if that ended it. */
  void count(Deployment deployment) {
    var counter = ended.get(deployment.status());
    if (counter == null) {
      return;
    }
    counter.increment();
    var finished = deployment.finishedAt();
    if (deployment.status() == DeploymentStatus.SUCCEEDED
        && deployment.cause() != Cause.ROLLBACK
        && finished != null) {
      leadTimes.count(deployment.build(), finished);
    }
  }
}
