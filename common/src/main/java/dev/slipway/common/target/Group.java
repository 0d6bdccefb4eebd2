package dev.slipway.common.target;

import dev.slipway.common.app.AppName;
import dev.slipway.common.machine.Labels;
import dev.slipway.common.machine.MachineId;

/**
 * Machines that take a release before the others do.
 *
 * @param labels that they all have
 * @param share of those machines, in percent
 */
public record Group(Labels labels, int share) {
  /** Whether a machine with these labels is one of them. */
  public boolean has(AppName app, MachineId machine, Labels its) {
    return its.cover(labels) && Target.slot(app, machine) < share;
  }
}
