@NullMarked
package dev.slipway.queue.webhook;

import org.jspecify.annotations.NullMarked;
