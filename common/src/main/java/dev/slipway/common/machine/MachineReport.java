package dev.slipway.common.machine;

import java.util.List;

/**
 * A machine as its region knows it.
 *
 * @param silentMillis how long ago the region last heard from it, so that no clocks are compared
 */
public record MachineReport(MachineId id, String zone, long silentMillis, List<AppReport> apps) {}
