/** The page of regions, and the switch that leaves one out. */
@NullMarked
package dev.slipway.deploy.console.region;

import org.jspecify.annotations.NullMarked;
