/** From a region's bytes to a checked release folder. */
@NullMarked
package dev.slipway.machine.artifact;

import org.jspecify.annotations.NullMarked;
