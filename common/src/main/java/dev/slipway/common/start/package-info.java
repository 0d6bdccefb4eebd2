/** What a service says when it cannot start. */
@NullMarked
package dev.slipway.common.start;

import org.jspecify.annotations.NullMarked;
