package dev.slipway.common.machine;

import java.util.List;

/**
 * The region's answer.
 *
 * @param revision to poll with next
 * @param assignments every app of this machine with a target above {@code after}
 * @param retrySeconds how long to wait after a failed poll
 */
public record PollAnswer(long revision, List<Assignment> assignments, int retrySeconds) {}
