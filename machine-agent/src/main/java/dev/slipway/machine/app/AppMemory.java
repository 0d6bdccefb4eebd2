package dev.slipway.machine.app;

import dev.slipway.common.machine.Assignment;
import java.util.List;
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
 * @param older what ran before these and is still here, newest first
 */
record AppMemory(
    @Nullable Assignment target,
    boolean settled,
    @Nullable String failure,
    @Nullable Assignment current,
    @Nullable Assignment previous,
    @Nullable Assignment ahead,
    List<Assignment> older) {
  private static final int LONGEST_FAILURE = 1_000;
  static final AppMemory NOTHING = new AppMemory(null, true, null, null, null, null, List.of());

  AppMemory(
      @Nullable Assignment target,
      boolean settled,
      @Nullable String failure,
      @Nullable Assignment current,
      @Nullable Assignment previous,
      @Nullable Assignment ahead,
      @Nullable List<Assignment> older) {
    this.target = target;
    this.settled = settled;
    this.failure = failure;
    this.current = current;
    this.previous = previous;
    this.ahead = ahead;
    // an agent that kept two releases has written nothing of others
    this.older = older == null ? List.of() : List.copyOf(older);
  }

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
        ? new AppMemory(newer, true, null, newer, previous, ahead, older)
        : new AppMemory(newer, false, null, current, previous, ahead, older);
  }

  /**
   * With the target running.
   *
   * @param keep how many of those that ran stay, the target and the one before among them
   */
  AppMemory succeeded(int keep) {
    var left =
        Stream.concat(Stream.ofNullable(previous), older.stream())
            .filter(release -> !isSame(release, target) && !isSame(release, current))
            .toList();
    return new AppMemory(target, true, null, target, current, ahead, left).keeping(keep);
  }

  /** With at most so many releases of those that ran. */
  AppMemory keeping(int keep) {
    var most = Math.min(older.size(), keep - 2);
    return new AppMemory(
        target, settled, failure, current, previous, ahead, older.subList(0, most));
  }

  /** With the target given up, and the release before still, or again, the one to run. */
  AppMemory failed(String reason) {
    var shortened = reason.substring(0, Math.min(reason.length(), LONGEST_FAILURE));
    return new AppMemory(target, true, shortened, current, previous, ahead, older);
  }

  /** With another release to have ahead, or none. */
  AppMemory expecting(@Nullable Assignment next) {
    return new AppMemory(target, settled, failure, current, previous, next, older);
  }

  /** The releases to keep. */
  Stream<Assignment> releases() {
    return Stream.concat(shared(), older.stream());
  }

  /** Those of them whose artifacts are kept too, for others and for what comes next. */
  Stream<Assignment> shared() {
    return Stream.of(current, previous, pending(), ahead).filter(Objects::nonNull);
  }

  boolean keeps(Assignment release) {
    return releases().anyMatch(kept -> isSame(kept, release));
  }

  boolean shares(Assignment release) {
    return shared().anyMatch(kept -> isSame(kept, release));
  }

  private static boolean isSame(Assignment a, @Nullable Assignment b) {
    return b != null && a.release().equals(b.release());
  }
}
