/** Rows for tests. */
@NullMarked
package dev.slipway.common.job;

import org.jspecify.annotations.NullMarked;
