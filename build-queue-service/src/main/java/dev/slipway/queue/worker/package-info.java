/** The workers that were heard of. */
@NullMarked
package dev.slipway.queue.worker;

import org.jspecify.annotations.NullMarked;
