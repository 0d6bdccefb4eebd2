package dev.slipway.common.target;

import dev.slipway.common.machine.MachineReport;
import java.util.List;

/**
 * Machines whose state changed, or that were heard of since the last report. At most {@value
 * #MOST}.
 */
public record FleetReport(List<MachineReport> machines) {
  /** The most machines in one report. */
  public static final int MOST = 1_000;
}
