package dev.slipway.queue.webhook;

import dev.slipway.common.job.CommitSha;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A push, whichever forge told of it.
 *
 * @param ref what moved, as refs/heads/master
 * @param before where it was; none for a new ref
 * @param after where it is; none for a ref that was deleted
 * @param committedAt when the new head was committed, where the payload tells
 */
record Push(
    String ref,
    @Nullable CommitSha before,
    @Nullable CommitSha after,
    @Nullable Instant committedAt) {}
