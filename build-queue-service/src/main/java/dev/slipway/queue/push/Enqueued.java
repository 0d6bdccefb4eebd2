package dev.slipway.queue.push;

/**
 * The job of a commit.
 *
 * @param seq its place in the app's branch
 * @param duplicate whether the commit had its job already
 */
public record Enqueued(long job, long seq, boolean duplicate) {}
