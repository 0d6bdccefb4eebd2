/** What builds printed, wherever it is kept by now. */
@NullMarked
package dev.slipway.common.log;

import org.jspecify.annotations.NullMarked;
