/** Where artifacts come from, as a worker has sworn to it: SLSA provenance, version 1. */
@NullMarked
package dev.slipway.common.provenance;

import org.jspecify.annotations.NullMarked;
