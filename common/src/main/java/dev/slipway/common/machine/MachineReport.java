package dev.slipway.common.machine;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.slipway.common.app.AppName;
import dev.slipway.common.problem.InvalidInput;
import java.time.Duration;
import java.util.List;

/**
 * A machine as its region knows it.
 *
 * @param hosts the apps that it is there for; empty for any app
 * @param labels none from regions that know nothing of labels
 * @param epoch the revocation that its credential was given after; 0 where there was none
 * @param sequence of the poll that it said this with, which grows; 0 from regions that do not tell
 *     it
 * @param silentMillis how long ago the region last heard from it, so that no clocks are compared
 */
public record MachineReport(
    MachineId id,
    String zone,
    List<AppName> hosts,
    Labels labels,
    @JsonSetter(nulls = Nulls.AS_EMPTY) long epoch,
    @JsonSetter(nulls = Nulls.AS_EMPTY) long sequence,
    long silentMillis,
    List<AppReport> apps) {
  private static final long LONGEST_SILENCE = Duration.ofDays(365).toMillis();

  public MachineReport {
    // one from the future would never count as silent
    InvalidInput.unless(
        silentMillis >= 0 && silentMillis <= LONGEST_SILENCE,
        "silentMillis",
        "must be 0 to " + LONGEST_SILENCE);
    labels = labels == null ? Labels.NONE : labels;
  }

  /** With other words on its apps. */
  public MachineReport saying(List<AppReport> others) {
    return new MachineReport(id, zone, hosts, labels, epoch, sequence, silentMillis, others);
  }
}
