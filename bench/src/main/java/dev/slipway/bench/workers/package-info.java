/** The drill of workers: everything around them fails, and no job may be lost or end twice. */
@NullMarked
package dev.slipway.bench.workers;

import org.jspecify.annotations.NullMarked;
