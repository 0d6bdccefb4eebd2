package dev.slipway.common.target;

import org.jspecify.annotations.Nullable;

/**
 * What a region's machines should have before it is asked for.
 *
 * @param revision out of the same numbers as targets' revisions; grows with each change
 * @param release none: nothing is to be had ahead any more
 */
public record Ahead(long revision, @Nullable Release release) {}
