package dev.slipway.common.app;

import dev.slipway.common.problem.InvalidInput;

/**
 * How an app's builds are treated.
 *
 * @param maxAttempts how often a build is tried when its workers are lost, 1 to 10
 * @param retryFailures whether a build's own failure is tried again as well
 * @param keepBuilds how many of the newest builds are kept besides those in use, 1 to 1,000
 */
public record BuildOptions(Builds builds, int maxAttempts, boolean retryFailures, int keepBuilds) {
  /** What an app has that says nothing. */
  public static final BuildOptions DEFAULT = new BuildOptions(Builds.EVERY, 3, false, 20);

  public BuildOptions {
    InvalidInput.unless(maxAttempts >= 1 && maxAttempts <= 10, "maxAttempts", "must be 1 to 10");
    InvalidInput.unless(keepBuilds >= 1 && keepBuilds <= 1_000, "keepBuilds", "must be 1 to 1000");
  }
}
