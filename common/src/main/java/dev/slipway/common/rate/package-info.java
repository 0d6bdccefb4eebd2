/** How much may pass in a second. */
@NullMarked
package dev.slipway.common.rate;

import org.jspecify.annotations.NullMarked;
