package dev.slipway.common.replica;

import dev.slipway.common.region.RegionName;
import java.util.List;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** What replication-checker offers to regions. */
@HttpExchange("/api/v1")
public interface ReplicationApi {
  /** The longest {@code wait}, in seconds. */
  int LONGEST_WAIT = 30;

  /**
   * What the region's bucket lacks, oldest build first, at most 100.
   *
   * @param wait seconds to wait for something while there is nothing
   */
  @GetExchange("/replications")
  List<Replication> wanted(
      @RequestParam RegionName region, @RequestParam(defaultValue = "0") int wait)
      throws InterruptedException;

  /** Takes the region's word; the checker then reads the copy itself. */
  @PutExchange("/replicas/{job}/{region}")
  void claim(
      @PathVariable long job, @PathVariable RegionName region, @RequestBody ReplicaClaim claim);
}
