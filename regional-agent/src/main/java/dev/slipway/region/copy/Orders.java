package dev.slipway.region.copy;

import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.replica.ReplicationApi;
import java.util.List;
import java.util.Set;

/**
 * What the centre has this agent copy.
 *
 * @param agent its name, which no other agent of the region has
 */
public record Orders(ReplicationApi centre, RegionName region, AgentName agent) {
  List<Replication> lacking(Set<Long> copying) throws InterruptedException {
    return centre.wanted(region, agent, copying, ReplicationApi.LONGEST_WAIT);
  }

  void claim(long job, ReplicaClaim claim) {
    centre.claim(job, region, claim);
  }
}
