/** Calls that may be repeated: a key of the caller's choice stands for one call and its answer. */
@NullMarked
package dev.slipway.common.idempotency;

import org.jspecify.annotations.NullMarked;
