/** Machines: what they report and what they are told to run. */
@NullMarked
package dev.slipway.common.machine;

import org.jspecify.annotations.NullMarked;
