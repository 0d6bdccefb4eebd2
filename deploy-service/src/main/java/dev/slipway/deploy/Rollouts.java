package dev.slipway.deploy;

import dev.slipway.deploy.timeline.Stage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Shows how far deployments under way are, as metrics, as of the last look. */
final class Rollouts {
  /** After this long a machine that is still on its way is behind. */
  private static final double PATIENCE_SECONDS = Stage.Name.DEPLOY.budgetSeconds();

  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final FleetStore fleet;
  private final MultiGauge machines;
  private final MultiGauge stragglers;
  private volatile Map<DeploymentStatus, Long> open = Map.of();

  /**
   * @param meters gets {@code slipway.deployments.open} by {@code status}; and, of those that roll,
   *     {@code slipway.deployment.machines} by {@code app}, {@code region} and {@code standing},
   *     and {@code slipway.deployment.stragglers} by {@code app} and {@code region}
   */
  Rollouts(
      DeploymentStore deployments, DeploymentView view, FleetStore fleet, MeterRegistry meters) {
    this.deployments = deployments;
    this.view = view;
    this.fleet = fleet;
    machines = MultiGauge.builder("slipway.deployment.machines").register(meters);
    stragglers = MultiGauge.builder("slipway.deployment.stragglers").register(meters);
    for (var status :
        List.of(DeploymentStatus.PENDING, DeploymentStatus.ROLLING, DeploymentStatus.PAUSED)) {
      meters.gauge(
          "slipway.deployments.open",
          Tags.of("status", status.name()),
          this,
          rollouts -> rollouts.open.getOrDefault(status, 0L));
    }
  }

  /** Looks at all that have not ended. */
  boolean runOnce() {
    var counts = new EnumMap<DeploymentStatus, Long>(DeploymentStatus.class);
    var standings = new ArrayList<Row<?>>();
    var behind = new ArrayList<Row<?>>();
    for (var deployment : deployments.open()) {
      counts.merge(deployment.status(), 1L, Long::sum);
      if (deployment.status() == DeploymentStatus.ROLLING) {
        look(deployment, standings, behind);
      }
    }
    open = counts;
    machines.register(standings, true);
    stragglers.register(behind, true);
    return false;
  }

  private void look(Deployment deployment, List<Row<?>> standings, List<Row<?>> behind) {
    var begun = deployment.waveStartedAt();
    var late = begun != null && fleet.secondsSince(begun) > PATIENCE_SECONDS;
    view.of(deployment)
        .regions()
        .forEach((region, progress) -> {
          var tags = Tags.of("app", deployment.app().value(), "region", region);
          standings.add(Row.of(tags.and("standing", "healthy"), progress.healthy()));
          standings.add(Row.of(tags.and("standing", "failed"), progress.failed()));
          standings.add(Row.of(tags.and("standing", "unknown"), progress.unknown()));
          standings.add(Row.of(tags.and("standing", "pending"), progress.pending()));
          behind.add(
              Row.of(
                  tags, progress.failed() + progress.unknown() + (late ? progress.pending() : 0)));
        });
  }
}
