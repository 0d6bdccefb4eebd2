/** The trace of one commit, from its push to its last machine, told to whoever collects traces. */
@NullMarked
package dev.slipway.common.trace;

import org.jspecify.annotations.NullMarked;
