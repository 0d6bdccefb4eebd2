@NullMarked
package dev.slipway.queue.app;

import org.jspecify.annotations.NullMarked;
