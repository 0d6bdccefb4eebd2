/** Talking to the regional agent. */
@NullMarked
package dev.slipway.machine.region;

import org.jspecify.annotations.NullMarked;
