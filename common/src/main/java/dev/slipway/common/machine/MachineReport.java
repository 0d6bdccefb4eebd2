package dev.slipway.common.machine;

import dev.slipway.common.app.AppName;
import java.util.List;

/**
 * A machine as its region knows it.
 *
 * @param hosts the apps that it is there for; empty for any app
 * @param silentMillis how long ago the region last heard from it, so that no clocks are compared
 */
public record MachineReport(
    MachineId id, String zone, List<AppName> hosts, long silentMillis, List<AppReport> apps) {}
