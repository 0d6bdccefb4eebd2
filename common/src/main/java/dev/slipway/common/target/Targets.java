package dev.slipway.common.target;

import java.util.List;

/**
 * A region's targets above the revision that was asked for.
 *
 * @param revision to ask with next
 */
public record Targets(long revision, List<Target> targets) {}
