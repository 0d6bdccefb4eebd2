/** Benchmarks and drills, each one command. */
@NullMarked
package dev.slipway.bench;

import org.jspecify.annotations.NullMarked;
