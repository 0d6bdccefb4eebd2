package dev.slipway.deploy;

import dev.slipway.common.problem.Problem;
import java.util.Locale;

/** A person's moves of a deployment. */
public enum Move {
  PAUSE(DeploymentStatus.PAUSED),
  RESUME(DeploymentStatus.ROLLING),
  ABORT(DeploymentStatus.ABORTED);

  private final DeploymentStatus next;

  Move(DeploymentStatus next) {
    this.next = next;
  }

  /** The move of that name in lower case. */
  public static Move of(String word) {
    for (var move : values()) {
      if (move.word().equals(word)) {
        return move;
      }
    }
    throw new Problem(404, "not-found", "a deployment can be paused, resumed and aborted");
  }

  DeploymentStatus next() {
    return next;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
