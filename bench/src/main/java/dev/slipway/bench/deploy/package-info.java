/** The drill of the deploy plane: everything around a deployment fails, and machines stay right. */
@NullMarked
package dev.slipway.bench.deploy;

import org.jspecify.annotations.NullMarked;
