package dev.slipway.machine.app;

import dev.slipway.common.machine.Assignment;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an app's state file remembers.
 *
 * @param target what was asked for last; its revision is the one acted on
 * @param settled whether the target has ended, well or not
 * @param failure why the target failed
 * @param current the release that runs, or should
 * @param previous the release before, kept to go back to
 * @param ahead the release to have here before it is asked for
 */
record AppMemory(
    @Nullable Assignment target,
    boolean settled,
    @Nullable String failure,
    @Nullable Assignment current,
    @Nullable Assignment previous,
    @Nullable Assignment ahead) {
  private static final int LONGEST_FAILURE = 1_000;
  static final AppMemory NOTHING = new AppMemory(null, true, null, null, null, null);

  /** The target that there is still work to do for. */
  @Nullable Assignment pending() {
    return settled ? null : target;
  }

  long revision() {
    return target == null ? 0 : target.revision();
  }

  /** With a newer target; if it is what runs already there is nothing to do for it. */
  AppMemory aimingAt(Assignment newer) {
    return current != null && current.release().equals(newer.release())
        ? new AppMemory(newer, true, null, newer, previous, ahead)
        : new AppMemory(newer, false, null, current, previous, ahead);
  }

  /** With the target running. */
  AppMemory succeeded() {
    return new AppMemory(target, true, null, target, current, ahead);
  }

  /** With the target given up, and the release before still, or again, the one to run. */
  AppMemory failed(String reason) {
    var shortened = reason.substring(0, Math.min(reason.length(), LONGEST_FAILURE));
    return new AppMemory(target, true, shortened, current, previous, ahead);
  }

  /** With another release to have ahead, or none. */
  AppMemory expecting(@Nullable Assignment next) {
    return new AppMemory(target, settled, failure, current, previous, next);
  }

  /** The releases to keep. */
  Stream<Assignment> releases() {
    return Stream.of(current, previous, pending(), ahead).filter(Objects::nonNull);
  }

  boolean keeps(Assignment release) {
    return releases().anyMatch(kept -> kept.release().equals(release.release()));
  }
}
