package dev.slipway.common.recipe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a machine runs a release. {@code {artifact}} in {@code start} is the path of the file or
 * folder; {@code {port}} in {@code start} and {@code health} is the app's port on that machine.
 *
 * @param start run by {@code sh -c} in the release's folder
 * @param health answers 2xx when the app is well; none: it is well while its process lives
 * @param stop how it is asked to end
 */
public record RunRecipe(String start, @Nullable Health health, Stop stop) {
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
