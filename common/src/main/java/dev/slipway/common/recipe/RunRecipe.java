package dev.slipway.common.recipe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a machine runs a release. {@code {artifact}} in commands is the path of the file or folder;
 * {@code {port}} in them and in {@code health} is the app's port on that machine.
 *
 * @param start run by {@code sh -c} in the release's folder
 * @param health answers 2xx when the app is well; none: it is well while its process lives
 * @param stop how it is asked to end
 * @param beforeStop run while the app still runs, before it is asked to end: whatever it says, the
 *     app is asked then
 * @param afterStart run once the app is well: the release is not well unless it succeeds
 */
public record RunRecipe(
    String start,
    @Nullable Health health,
    Stop stop,
    @Nullable Hook beforeStop,
    @Nullable Hook afterStart) {
  /** Without commands of its own around start and stop. */
  public RunRecipe(String start, @Nullable Health health, Stop stop) {
    this(start, health, stop, null, null);
  }

  /**
   * A command of the app's own, run as {@code start} is. After a crash of the machine's agent it is
   * run again.
   *
   * @param within after which it is killed, with all that it started, and has failed
   */
  public record Hook(String command, Duration within) {}

  /**
   * How to ask the app whether it is well.
   *
   * @param http a URL on localhost
   * @param within how long a fresh start may take
   */
  public record Health(String http, Duration within) {}

  /**
   * How to ask the app to end.
   *
   * @param signal a name without SIG, as TERM
   * @param within after which it is killed
   */
  public record Stop(String signal, Duration within) {}
}
