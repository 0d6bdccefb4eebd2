/** Passes that run again and again, and what wakes them. */
@NullMarked
package dev.slipway.common.loop;

import org.jspecify.annotations.NullMarked;
