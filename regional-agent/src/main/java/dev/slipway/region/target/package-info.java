/** What the region's machines must run, kept durably. */
@NullMarked
package dev.slipway.region.target;

import org.jspecify.annotations.NullMarked;
