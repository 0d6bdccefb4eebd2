/** A clock that tests set. */
@NullMarked
package dev.slipway.common.clock;

import org.jspecify.annotations.NullMarked;
