/** How soon the command line answers. */
@NullMarked
package dev.slipway.bench.cli;

import org.jspecify.annotations.NullMarked;
