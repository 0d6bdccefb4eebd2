/** How artifacts come into the region's bucket. */
@NullMarked
package dev.slipway.region.copy;

import org.jspecify.annotations.NullMarked;
