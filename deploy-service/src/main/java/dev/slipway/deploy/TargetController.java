package dev.slipway.deploy;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import dev.slipway.common.target.TargetApi;
import dev.slipway.common.target.Targets;
import java.time.Duration;
import org.springframework.web.bind.annotation.RestController;

/** Gives regions their targets and takes their machines' reports. */
@RestController
public class TargetController implements TargetApi {
  private final TargetFeed targets;
  private final TargetSigner signer;
  private final Changes targetChanges;
  private final Reports reports;

  TargetController(
      TargetFeed targets, TargetSigner signer, Changes targetChanges, Reports reports) {
    this.targets = targets;
    this.signer = signer;
    this.targetChanges = targetChanges;
    this.reports = reports;
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
          || !found.revoked().isEmpty()
          || !left.isPositive()
          || !targetChanges.awaitAbove(seen, left)) {
        return signer.sign(region, found);
      }
    }
  }

  @Override
  public void report(RegionName region, FleetReport report) {
    ApiSecurity.caller().mustBe(region.value());
    reports.take(region, report);
  }
}
