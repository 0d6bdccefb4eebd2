/** Slipway's job queue beside others on the same PostgreSQL. */
@NullMarked
package dev.slipway.bench.queue;

import org.jspecify.annotations.NullMarked;
