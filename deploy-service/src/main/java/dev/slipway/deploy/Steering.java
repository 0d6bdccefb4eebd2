package dev.slipway.deploy;

import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;

/** Makes people's moves of deployments. */
public final class Steering {
  private final DeploymentStore deployments;
  private final AuditStore audit;
  private final Turns turns;

  Steering(DeploymentStore deployments, AuditStore audit, Turns turns) {
    this.deployments = deployments;
    this.audit = audit;
    this.turns = turns;
  }

  /**
   * Moves a deployment as a person wishes.
   *
   * @throws Problem when its state does not allow the move, or another person must make it
   */
  public Deployment move(long id, Move move, String by) {
    return turns.await(
        find(id).app(),
        () -> {
          make(find(id), move, by);
          audit.record(
              by, "deployment-" + move.word(), "deployment " + id, move.next().name(), null);
          return find(id);
        });
  }

  private void make(Deployment deployment, Move move, String by) {
    if (move == Move.APPROVE && by.equals(deployment.requestedBy())) {
      throw new Problem(
          403, "second-person-needed", "who asked for a deployment may not approve it");
    }
    var id = deployment.id();
    if (!deployments.move(id, move, move.word() + " by " + by)) {
      throw Problem.conflict(
          "not-in-this-state",
          "deployment %d is %s; %s takes one that is %s"
              .formatted(id, deployment.status(), move.word(), move.from()));
    }
    switch (move) {
      case APPROVE -> deployments.approve(id, by);
      case RESUME -> deployments.judgeAnew(id);
      case PROMOTE -> deployments.promote(id, Deployment.Promotion.WAVE);
      case PROMOTE_ALL -> deployments.promote(id, Deployment.Promotion.ALL);
      case START, PAUSE, SUCCEED, FAIL, ABORT, SUPERSEDE -> {}
    }
  }

  private Deployment find(long id) {
    return deployments.find(id).orElseThrow(() -> Problem.notFound("deployment " + id));
  }
}
