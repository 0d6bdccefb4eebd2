/** A company's day of pushes, squeezed into minutes. */
@NullMarked
package dev.slipway.bench.day;

import org.jspecify.annotations.NullMarked;
