/** Takes jobs from the queue, one at a time, and builds them. */
@NullMarked
package dev.slipway.worker;

import org.jspecify.annotations.NullMarked;
