package dev.slipway.common.target;

import dev.slipway.common.region.RegionName;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What deploy-service offers to regions. */
@HttpExchange("/api/v1")
public interface TargetApi {
  /** The longest {@code wait}, in seconds. */
  int LONGEST_WAIT = 30;

  /**
   * The region's targets with a revision above {@code after}.
   *
   * @param wait seconds to wait for one while there is none
   */
  @GetExchange("/targets")
  Targets targets(
      @RequestParam RegionName region,
      @RequestParam(defaultValue = "0") long after,
      @RequestParam(defaultValue = "0") int wait)
      throws InterruptedException;

  /** Takes what the region's machines reported. */
  @PostExchange("/regions/{region}/reports")
  void report(@PathVariable RegionName region, @RequestBody FleetReport report);
}
