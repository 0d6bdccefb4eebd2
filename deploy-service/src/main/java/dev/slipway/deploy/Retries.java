package dev.slipway.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.DeploymentView.Straggler;
import dev.slipway.deploy.Progress.Standing;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Lets the machines that failed try again: their regions' targets get new revisions, so whoever
 * dies meanwhile, or was away, tries too. Nothing is sent to a machine.
 */
public final class Retries {
  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final TargetStore targets;
  private final AuditStore audit;
  private final Turns turns;

  Retries(
      DeploymentStore deployments,
      DeploymentView view,
      TargetStore targets,
      AuditStore audit,
      Turns turns) {
    this.deployments = deployments;
    this.view = view;
    this.targets = targets;
    this.audit = audit;
    this.turns = turns;
  }

  /**
   * What tries again.
   *
   * @param regions by name, how many machines had failed in each
   */
  public record Retried(long deployment, long build, Map<String, Long> regions) {
    /** In all. */
    @JsonProperty
    public long machines() {
      return regions.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Lets a deployment's failed machines try again. It may be under way, or have succeeded in spite
   * of them.
   *
   * @throws Problem when it ended otherwise, none has failed, or another deployment's targets have
   *     come since
   */
  public Retried retry(long id, String by) {
    return turns.await(find(id).app(), () -> retryNow(find(id), by));
  }

  private Deployment find(long id) {
    return deployments.find(id).orElseThrow(() -> Problem.notFound("deployment " + id));
  }

  private Retried retryNow(Deployment deployment, String by) {
    var id = deployment.id();
    requireRetriable(deployment);
    var failed =
        view.stragglers(deployment).stream()
            .filter(straggler -> straggler.standing() == Standing.FAILED)
            .map(Straggler::machine)
            .collect(
                Collectors.groupingBy(
                    machine -> machine.region().value(), TreeMap::new, Collectors.counting()));
    failed.keySet().removeIf(region -> !targets.again(deployment, new RegionName(region)));
    if (failed.isEmpty()) {
      throw Problem.conflict(
          "nothing-to-retry",
          "no machine has failed that is still to run what deployment " + id + " brought");
    }
    var retried = new Retried(id, deployment.build(), failed);
    audit.record(
        by,
        "deployment-retry",
        "deployment " + id,
        "RETRIED",
        retried.machines() + " machines in " + failed.keySet());
    return retried;
  }

  private static void requireRetriable(Deployment deployment) {
    switch (deployment.status()) {
      case ROLLING, PAUSED, SUCCEEDED -> {}
      case PENDING, FAILED, ABORTED, SUPERSEDED ->
          throw Problem.conflict(
              "not-in-this-state",
              "deployment %d is %s: deploy build #%d again instead"
                  .formatted(deployment.id(), deployment.status(), deployment.build()));
    }
  }
}
