package dev.slipway.common.machine;

import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.time.Duration;
import java.util.List;

/**
 * A machine as its region knows it.
 *
 * @param hosts the apps that it is there for; empty for any app
 * @param silentMillis how long ago the region last heard from it, so that no clocks are compared
 */
public record MachineReport(
    MachineId id, String zone, List<AppName> hosts, long silentMillis, List<AppReport> apps) {
  private static final long LONGEST_SILENCE = Duration.ofDays(365).toMillis();

  public MachineReport {
    // one from the future would never count as silent
    InvalidInput.unless(
        silentMillis >= 0 && silentMillis <= LONGEST_SILENCE,
        "silentMillis",
        "must be 0 to " + LONGEST_SILENCE);
  }
}
