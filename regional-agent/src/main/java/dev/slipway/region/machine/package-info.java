/** What machines ask and report. */
@NullMarked
package dev.slipway.region.machine;

import org.jspecify.annotations.NullMarked;
