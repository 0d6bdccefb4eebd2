package dev.slipway.worker.job;

/**
 * The build cannot succeed, however often it is tried. The message tells its owner why and is
 * shown.
 */
public final class BuildFailed extends Exception {
  private static final long serialVersionUID = 1;

  public BuildFailed(String reason) {
    super(reason);
  }

  /** What to tell. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
