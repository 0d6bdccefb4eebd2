package dev.slipway.deploy.console;

import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.DeploymentView;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The last look at each grid that somebody watches: many who watch one look at its fleet once. */
final class CellLooks {
  private static final int MOST = 50;

  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final Map<Long, Look> last = new ConcurrentHashMap<>();

  CellLooks(DeploymentStore deployments, DeploymentView view) {
    this.deployments = deployments;
    this.view = view;
  }

  private record Look(long count, Cells cells) {}

  /** Refuses a deployment that is not there. */
  void require(long deployment) {
    find(deployment);
  }

  /** The machines as they are at a change or after it. */
  Cells at(long deployment, long change) {
    return of(deployment, change, change);
  }

  /** The same, looked at now. */
  Cells anew(long deployment, long change) {
    return of(deployment, change, Long.MAX_VALUE);
  }

  private Cells of(long deployment, long change, long least) {
    if (last.size() > MOST) {
      last.clear();
    }
    return Objects.requireNonNull(
            last.compute(
                deployment,
                (id, before) ->
                    before != null && before.count >= least
                        ? before
                        : new Look(change, look(deployment))))
        .cells;
  }

  private Cells look(long id) {
    var deployment = find(id);
    return Cells.of(deployment.build(), view.machines(deployment));
  }

  private Deployment find(long id) {
    return deployments.find(id).orElseThrow(() -> Problem.notFound("deployment " + id));
  }
}
