package dev.slipway.deploy;

/** The states of a deployment; {@link Move} says how one leads to another. */
public enum DeploymentStatus {
  PENDING,
  ROLLING,
  PAUSED,
  SUCCEEDED,
  FAILED,
  ABORTED,
  SUPERSEDED;

  /** Whether it is final: no move leads out of it. */
  public boolean isEnded() {
    return switch (this) {
      case PENDING, ROLLING, PAUSED -> false;
      case SUCCEEDED, FAILED, ABORTED, SUPERSEDED -> true;
    };
  }
}
