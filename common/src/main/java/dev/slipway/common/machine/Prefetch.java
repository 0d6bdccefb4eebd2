package dev.slipway.common.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import org.jspecify.annotations.Nullable;

/**
 * What a machine should have before it is asked for: fetched, checked and unpacked, but not run.
 *
 * @param revision grows with each change; of the same numbers as targets' revisions
 * @param release with where to get it; none: what was fetched and never ran goes
 * @param bytesPerSecond the most, for this alone; at least 1
 */
public record Prefetch(
    AppName app, long revision, @Nullable Assignment release, long bytesPerSecond) {
  public Prefetch {
    InvalidInput.unless(bytesPerSecond >= 1, "bytesPerSecond", "must be at least 1");
  }
}
