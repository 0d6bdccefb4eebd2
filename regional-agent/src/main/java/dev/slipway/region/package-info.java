/** A region's agent: copies artifacts in, keeps targets, answers and hears its machines. */
@NullMarked
package dev.slipway.region;

import org.jspecify.annotations.NullMarked;
