package dev.slipway.common.recipe;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How to build.
 *
 * @param command run by {@code sh -c} in the checkout
 * @param artifact a path or a glob below the checkout that matches exactly one file or folder
 * @param timeout after which the build is ended; 1 second to 24 hours
 * @param env added to the build's environment
 * @param labels what a worker must have to build this; sorted, distinct, 0 to 6
 * @param network what of the network the build sees
 */
public record BuildRecipe(
    String command,
    String artifact,
    Duration timeout,
    Map<String, String> env,
    List<String> labels,
    Network network) {
  /** What of the network a build sees. */
  public enum Network {
    /** All that its worker does. */
    HOST,
    /** Nothing; only a worker with a sandbox can keep that. */
    NONE
  }
}
