/** How much moves when little has changed. */
@NullMarked
package dev.slipway.bench.delta;

import org.jspecify.annotations.NullMarked;
