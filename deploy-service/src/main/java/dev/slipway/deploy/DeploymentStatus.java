package dev.slipway.deploy;

/**
 * The states of a deployment: {@code PENDING → ROLLING ⇄ PAUSED}, and from each of them to one of
 * the final ones.
 */
public enum DeploymentStatus {
  PENDING,
  ROLLING,
  PAUSED,
  SUCCEEDED,
  FAILED,
  ABORTED,
  SUPERSEDED;

  public boolean isEnded() {
    return switch (this) {
      case PENDING, ROLLING, PAUSED -> false;
      case SUCCEEDED, FAILED, ABORTED, SUPERSEDED -> true;
    };
  }

  /** Whether the move is legal. */
  public boolean mayBecome(DeploymentStatus next) {
    return switch (this) {
      case PENDING -> next == ROLLING || next == FAILED || next == ABORTED || next == SUPERSEDED;
      case ROLLING -> next != PENDING && next != ROLLING;
      case PAUSED -> next == ROLLING || next == ABORTED || next == SUPERSEDED || next == FAILED;
      case SUCCEEDED, FAILED, ABORTED, SUPERSEDED -> false;
    };
  }
}
