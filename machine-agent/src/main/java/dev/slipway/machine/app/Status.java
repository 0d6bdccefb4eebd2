package dev.slipway.machine.app;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.AppState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is going on with an app and what is in its way, and which word of it the region gets. */
final class Status {
  private static final int LONGEST_DETAIL = 1_000;

  private AppState phase = AppState.DOWNLOADING;
  private @Nullable Long running;
  private @Nullable String trouble;
  private boolean stuck;
  private int restarts;

  /** Begins with a new target. */
  void begin() {
    phase = AppState.DOWNLOADING;
    trouble = null;
    stuck = false;
  }

  void enter(AppState next) {
    phase = next;
  }

  /** Which build runs; none: none does. */
  void runs(@Nullable Long build) {
    running = build;
  }

  /** A release runs that did not before: nothing is known against it. */
  void arrives(long build) {
    running = build;
    restarts = 0;
  }

  /** What ran has ended by itself. */
  void ends() {
    running = null;
    restarts++;
  }

  boolean isRunning() {
    return running != null;
  }

  /** What is in the way of what is wanted; null: nothing. */
  void suffers(@Nullable String reason) {
    trouble = reason;
  }

  /** Whether the trouble lasts, so that the target counts as failed for as long as it does. */
  void stuck(boolean lasting) {
    stuck = lasting;
  }

  /**
   * The word for the region.
   *
   * @param bytes that are here of a target that is not
   * @param ahead a build that is here before it was asked for
   * @param kept the builds that are here, ready to run
   */
  @Nullable AppReport report(
      AppName app, AppMemory memory, long bytes, @Nullable Long ahead, List<Long> kept) {
    var target = memory.target();
    if (target == null) {
      return null;
    }
    var size = target.release().size();
    var waiting = memory.pending() != null && phase == AppState.DOWNLOADING;
    return new AppReport(
        app,
        target.release().build(),
        running,
        state(memory),
        target.revision(),
        waiting ? bytes : size,
        size,
        detail(memory),
        ahead,
        restarts,
        kept);
  }

  /** The word on a target that this machine does not act on. */
  AppReport refusal(Objection.Raised refused, @Nullable Long ahead, List<Long> kept) {
    var target = refused.target();
    return new AppReport(
        target.app(),
        target.release().build(),
        running,
        AppState.FAILED,
        target.revision(),
        0,
        0,
        shortened(refused.reason()),
        ahead,
        restarts,
        kept);
  }

  private AppState state(AppMemory memory) {
    if (memory.pending() != null) {
      return stuck ? AppState.FAILED : phase;
    }
    if (memory.failure() != null || stuck) {
      return AppState.FAILED;
    }
    if (running != null) {
      return AppState.RUNNING;
    }
    return trouble == null ? AppState.ACTIVATING : AppState.FAILED;
  }

  private @Nullable String detail(AppMemory memory) {
    var detail = memory.failure() == null ? trouble : memory.failure();
    return detail == null ? null : shortened(detail);
  }

  private static String shortened(String detail) {
    return detail.substring(0, Math.min(detail.length(), LONGEST_DETAIL));
  }
}
