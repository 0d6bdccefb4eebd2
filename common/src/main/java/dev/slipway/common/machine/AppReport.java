package dev.slipway.common.machine;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine's word on one app.
 *
 * @param build the build that the target asks for
 * @param running the build that runs now, if any
 * @param revision of the target that this is about
 * @param bytesDone of the build's artifact on this machine
 * @param detail for FAILED the reason; at most 1,000 characters
 * @param ahead a build that is here, checked and unpacked, before it was asked for
 * @param restarts how often the app has ended by itself since the build runs; 0 from agents that do
 *     not count
 * @param kept the builds that are on the machine's disk, ready to run; at most {@value #MOST_KEPT}
 */
public record AppReport(
    AppName app,
    long build,
    @Nullable Long running,
    AppState state,
    long revision,
    long bytesDone,
    long bytesTotal,
    @Nullable String detail,
    @Nullable Long ahead,
    @JsonSetter(nulls = Nulls.AS_EMPTY) int restarts,
    List<Long> kept) {
  /** The most builds on a machine's disk that it tells of. */
  public static final int MOST_KEPT = 30;

  public AppReport {
    InvalidInput.unless(revision >= 0, "revision", "must be at least 0");
    InvalidInput.unless(bytesDone >= 0, "bytesDone", "must be at least 0");
    InvalidInput.unless(bytesTotal >= 0, "bytesTotal", "must be at least 0");
    InvalidInput.unless(
        detail == null || detail.length() <= 1_000, "detail", "must be at most 1000 characters");
    InvalidInput.unless(restarts >= 0, "restarts", "must be at least 0");
    // an agent that does not tell says nothing
    kept = kept == null ? List.of() : List.copyOf(kept);
    InvalidInput.unless(kept.size() <= MOST_KEPT, "kept", "must be at most " + MOST_KEPT);
  }

  /** Of an app that has not ended by itself, by an agent that does not tell what it keeps. */
  public AppReport(
      AppName app,
      long build,
      @Nullable Long running,
      AppState state,
      long revision,
      long bytesDone,
      long bytesTotal,
      @Nullable String detail,
      @Nullable Long ahead) {
    this(app, build, running, state, revision, bytesDone, bytesTotal, detail, ahead, 0, List.of());
  }
}
