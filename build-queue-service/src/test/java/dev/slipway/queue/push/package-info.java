@NullMarked
package dev.slipway.queue.push;

import org.jspecify.annotations.NullMarked;
