/** Deployments, their waves and targets, and what the fleet makes of them. */
@NullMarked
package dev.slipway.deploy;

import org.jspecify.annotations.NullMarked;
