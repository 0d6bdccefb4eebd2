package dev.slipway.deploy;

import dev.slipway.common.machine.AppReport;
import dev.slipway.common.machine.MachineReport;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what regions say of their machines, as far as it can be true: what is said about a revision
 * that nobody has given out yet would count as healthy once it is.
 */
final class Reports {
  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  private final FleetStore fleet;
  private final TargetStore targets;
  private final NoticeStore notices;
  private final Counter refused;

  /**
   * @param meters get {@code slipway.reports.refused}
   */
  Reports(FleetStore fleet, TargetStore targets, NoticeStore notices, MeterRegistry meters) {
    this.fleet = fleet;
    this.targets = targets;
    this.notices = notices;
    this.refused = meters.counter("slipway.reports.refused");
  }

  /** Takes a region's report; what cannot be true of it is left out, counted and logged. */
  void take(RegionName region, FleetReport report) {
    InvalidInput.unless(
        report.machines().size() <= FleetReport.MOST,
        "machines",
        "must be at most " + FleetReport.MOST);
    var newest = targets.newestRevision();
    fleet.take(
        region,
        new FleetReport(
            report.machines().stream().map(machine -> upTo(newest, region, machine)).toList()));
    notices.send(Channel.FLEET_CHANGED);
  }

  private MachineReport upTo(long newest, RegionName region, MachineReport machine) {
    var possible = machine.apps().stream().filter(app -> app.revision() <= newest).toList();
    if (possible.size() == machine.apps().size()) {
      return machine;
    }
    var most = machine.apps().stream().mapToLong(AppReport::revision).max().orElse(0);
    refused.increment();
    log.warn(
        "Machine {} of {} reports revision {}, but the newest is {}",
        machine.id(),
        region,
        most,
        newest);
    return machine.saying(possible);
  }
}
