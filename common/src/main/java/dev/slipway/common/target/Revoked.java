package dev.slipway.common.target;

import dev.slipway.common.machine.MachineId;

/**
 * A machine whose credentials are no longer good.
 *
 * @param revision out of the same numbers as targets' revisions; credentials that were given
 *     knowing of it are good again
 */
public record Revoked(MachineId machine, long revision) {}
