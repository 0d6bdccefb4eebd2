/** Machines that were taken out of the fleet. */
@NullMarked
package dev.slipway.deploy.machine;

import org.jspecify.annotations.NullMarked;
