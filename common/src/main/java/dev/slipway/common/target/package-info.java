/** Targets: the version that an app must run in a region. */
@NullMarked
package dev.slipway.common.target;

import org.jspecify.annotations.NullMarked;
