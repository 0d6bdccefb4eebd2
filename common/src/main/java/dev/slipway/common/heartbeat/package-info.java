/** The contract between a worker and the reaper of lost jobs. */
@NullMarked
package dev.slipway.common.heartbeat;

import org.jspecify.annotations.NullMarked;
