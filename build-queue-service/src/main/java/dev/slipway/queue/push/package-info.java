/** From a commit on a branch to a job with its place in the branch. */
@NullMarked
package dev.slipway.queue.push;

import org.jspecify.annotations.NullMarked;
