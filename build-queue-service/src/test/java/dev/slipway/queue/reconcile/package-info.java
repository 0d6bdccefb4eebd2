@NullMarked
package dev.slipway.queue.reconcile;

import org.jspecify.annotations.NullMarked;
