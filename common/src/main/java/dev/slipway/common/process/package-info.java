/** Operating system processes in groups that can be ended whole. */
@NullMarked
package dev.slipway.common.process;

import org.jspecify.annotations.NullMarked;
