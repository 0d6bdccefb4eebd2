package dev.slipway.common.job;

/**
 * The states of a job. {@code QUEUED → RUNNING → SUCCEEDED, FAILED or CANCELLED}; {@code RUNNING →
 * QUEUED} when its worker is lost or lets go; {@code QUEUED → CANCELLED} at once.
 */
public enum JobStatus {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /**
   * Whether the move is legal. Terminal states are final, but a person's retry queues a failed or
   * cancelled job again.
   */
  public boolean mayBecome(JobStatus next) {
    return switch (this) {
      case QUEUED -> next == RUNNING || next == CANCELLED;
      case RUNNING -> next != RUNNING;
      case SUCCEEDED -> false;
      case FAILED, CANCELLED -> next == QUEUED;
    };
  }

  public boolean isEnded() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }
}
