package dev.slipway.common.replica;

import dev.slipway.common.region.RegionName;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** What replication-checker offers to regions. */
@HttpExchange("/api/v1")
public interface ReplicationApi {
  /**
   * The longest {@code wait}, in seconds: an agent that waits is told from one that is gone by the
   * next time it asks.
   */
  int LONGEST_WAIT = 10;

  /** The most builds that an agent can copy at a time. */
  int MOST_COPYING = 64;

  /**
   * What the region's bucket lacks, oldest build first, at most 100; among the region's agents one
   * leads for each, as long as it says that it copies it.
   *
   * @param agent who asks, unique in the region
   * @param copying the builds that it copies just now, at most {@link #MOST_COPYING}
   * @param wait seconds to wait for something while there is nothing
   */
  @GetExchange("/replications")
  List<Replication> wanted(
      @RequestParam RegionName region,
      @RequestParam(defaultValue = "agent") AgentName agent,
      @RequestParam(defaultValue = "") Set<Long> copying,
      @RequestParam(defaultValue = "0") int wait)
      throws InterruptedException;

  /** Takes the region's word; the checker then reads the copy itself. */
  @PutExchange("/replicas/{job}/{region}")
  void claim(
      @PathVariable long job, @PathVariable RegionName region, @RequestBody ReplicaClaim claim);
}
