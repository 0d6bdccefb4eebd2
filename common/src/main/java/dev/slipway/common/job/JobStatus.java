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

  public boolean isEnded() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }
}
