/** Takes heartbeats and requeues the jobs of lost workers. */
@NullMarked
package dev.slipway.reaper;

import org.jspecify.annotations.NullMarked;
