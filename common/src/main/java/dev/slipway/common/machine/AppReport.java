package dev.slipway.common.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import org.jspecify.annotations.Nullable;

/**
 * A machine's word on one app.
 *
 * @param build the build that the target asks for
 * @param running the build that runs now, if any
 * @param revision of the target that this is about
 * @param bytesDone of the build's artifact on this machine
 * @param detail for FAILED the reason; at most 1,000 characters
 */
public record AppReport(
    AppName app,
    long build,
    @Nullable Long running,
    AppState state,
    long revision,
    long bytesDone,
    long bytesTotal,
    @Nullable String detail) {
  public AppReport {
    InvalidInput.unless(
        detail == null || detail.length() <= 1_000, "detail", "must be at most 1000 characters");
  }
}
