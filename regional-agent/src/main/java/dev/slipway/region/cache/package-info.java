/** The artifacts on this agent's disk, which it shares. */
@NullMarked
package dev.slipway.region.cache;

import org.jspecify.annotations.NullMarked;
