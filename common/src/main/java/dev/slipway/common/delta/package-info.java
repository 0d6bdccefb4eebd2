/** Artifacts made from the one before: block signatures, and the file that is filled by them. */
@NullMarked
package dev.slipway.common.delta;

import org.jspecify.annotations.NullMarked;
