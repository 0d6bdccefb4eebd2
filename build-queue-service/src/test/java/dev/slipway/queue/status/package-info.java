@NullMarked
package dev.slipway.queue.status;

import org.jspecify.annotations.NullMarked;
