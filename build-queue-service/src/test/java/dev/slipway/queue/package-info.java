@NullMarked
package dev.slipway.queue;

import org.jspecify.annotations.NullMarked;
