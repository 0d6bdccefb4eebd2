package dev.slipway.common.machine;

/** What a machine is doing about an app's target. */
public enum AppState {
  DOWNLOADING,
  ACTIVATING,
  RUNNING,
  /** It could not run the target's build; it runs the one before, or nothing. */
  FAILED
}
