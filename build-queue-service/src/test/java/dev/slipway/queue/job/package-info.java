@NullMarked
package dev.slipway.queue.job;

import org.jspecify.annotations.NullMarked;
