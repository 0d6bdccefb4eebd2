/** Thousands of machines that poll their regions. */
@NullMarked
package dev.slipway.bench.fleet;

import org.jspecify.annotations.NullMarked;
