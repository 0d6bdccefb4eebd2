/** Tells the forges how the builds of their commits go. */
@NullMarked
package dev.slipway.queue.status;

import org.jspecify.annotations.NullMarked;
