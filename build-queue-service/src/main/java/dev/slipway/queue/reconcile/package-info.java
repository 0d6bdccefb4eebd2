/** Finds the commits whose webhooks were lost. */
@NullMarked
package dev.slipway.queue.reconcile;

import org.jspecify.annotations.NullMarked;
