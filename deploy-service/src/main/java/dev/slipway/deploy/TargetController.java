package dev.slipway.deploy;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.etag.Known;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.target.FleetReport;
import dev.slipway.common.target.TargetApi;
import dev.slipway.common.target.Targets;
import io.swagger.v3.oas.annotations.Operation;
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

  @Operation(
      operationId = "listTargets",
      summary = "Tells a region its targets, as soon as there are newer ones")
  @Override
  public Targets targets(RegionName region, long after, int wait) throws InterruptedException {
    ApiSecurity.caller().mustBe(region.value());
    var caller = Known.toCaller();
    var deadline =
        System.nanoTime() + Duration.ofSeconds(Math.clamp(wait, 0, LONGEST_WAIT)).toNanos();
    while (true) {
      var seen = targetChanges.count();
      var found = targets.after(region, after);
      var left = Duration.ofNanos(deadline - System.nanoTime());
      var tag = Known.tag(found.revision());
      var isNews = !(found.targets().isEmpty() && found.revoked().isEmpty()) && !caller.has(tag);
      if (isNews || !left.isPositive() || !targetChanges.awaitAbove(seen, left)) {
        caller.answer(tag);
        return signer.sign(region, found);
      }
    }
  }

  @Operation(operationId = "report", summary = "Takes what a region's machines said")
  @Override
  public void report(RegionName region, FleetReport report) {
    ApiSecurity.caller().mustBe(region.value());
    reports.take(region, report);
  }
}
