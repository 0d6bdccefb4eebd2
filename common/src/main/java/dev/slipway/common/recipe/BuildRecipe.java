package dev.slipway.common.recipe;

import java.time.Duration;
import java.util.Map;

/**
 * How to build.
 *
 * @param command run by {@code sh -c} in the checkout
 * @param artifact a path or a glob below the checkout that matches exactly one file or folder
 * @param timeout after which the build is ended; 1 second to 24 hours
 * @param env added to the build's environment
 */
public record BuildRecipe(
    String command, String artifact, Duration timeout, Map<String, String> env) {}
