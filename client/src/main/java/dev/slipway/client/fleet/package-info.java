/** Machines. */
@NullMarked
package dev.slipway.client.fleet;

import org.jspecify.annotations.NullMarked;
