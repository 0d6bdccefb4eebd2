/** A company's day: when its pushes come, and who builds them. */
@NullMarked
package dev.slipway.bench.business;

import org.jspecify.annotations.NullMarked;
