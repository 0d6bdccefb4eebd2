package dev.slipway.deploy;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import dev.slipway.common.target.TargetApi;
import dev.slipway.common.target.Targets;
import java.time.Duration;
import org.springframework.web.bind.annotation.RestController;

/** Gives regions their targets and takes their machines' reports. */
@RestController
public class TargetController implements TargetApi {
  private final TargetStore targets;
  private final FleetStore fleet;
  private final Changes targetChanges;
  private final NoticeStore notices;

  TargetController(
      TargetStore targets, FleetStore fleet, Changes targetChanges, NoticeStore notices) {
    this.targets = targets;
    this.fleet = fleet;
    this.targetChanges = targetChanges;
    this.notices = notices;
  }

  @Override
  public Targets targets(RegionName region, long after, int wait) throws InterruptedException {
    ApiSecurity.caller().mustBe(region.value());
    var deadline =
        System.nanoTime() + Duration.ofSeconds(Math.clamp(wait, 0, LONGEST_WAIT)).toNanos();
    while (true) {
      var seen = targetChanges.count();
      var found = targets.after(region, after);
      var left = Duration.ofNanos(deadline - System.nanoTime());
      if (!found.targets().isEmpty()
          || !left.isPositive()
          || !targetChanges.awaitAbove(seen, left)) {
        return found;
      }
    }
  }

  @Override
  public void report(RegionName region, FleetReport report) {
    ApiSecurity.caller().mustBe(region.value());
    InvalidInput.unless(
        report.machines().size() <= FleetReport.MOST,
        "machines",
        "must be at most " + FleetReport.MOST);
    fleet.take(region, report);
    notices.send(Channel.FLEET_CHANGED);
  }
}
