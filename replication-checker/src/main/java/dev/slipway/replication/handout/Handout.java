package dev.slipway.replication.handout;

import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.replica.ReplicationMode;
import dev.slipway.common.trace.TraceParent;
import dev.slipway.replication.handout.WantedStore.Wanted;
import dev.slipway.replication.verify.ReplicationTrace;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of a region's agents brings what the region lacks. The choice is kept in the database, so
 * all instances of this service agree; two agents that bring the same all the same do no harm.
 */
public final class Handout {
  private final WantedStore wanted;
  private final AgentStore agents;
  private final GlobalSwarm swarm;
  private final ReplicationMode mode;

  public Handout(WantedStore wanted, AgentStore agents, GlobalSwarm swarm, ReplicationMode mode) {
    this.wanted = wanted;
    this.agents = agents;
    this.swarm = swarm;
    this.mode = mode;
  }

  /**
   * What a region lacks, as one of its agents is told.
   *
   * @param copying the builds that the agent copies just now: they stay its own. What it was given
   *     and does not copy, as it cannot or has too much to do, goes to the next after a while
   */
  List<Replication> to(RegionName region, AgentName agent, Set<Long> copying) {
    agents.seen(region, agent);
    var lacking = wanted.wantedBy(region);
    if (lacking.isEmpty()) {
      return List.of();
    }
    var present = agents.present(region);
    var mine =
        lacking.stream()
            .filter(build ->
                build.isLed()
                    ? agent.equals(build.leader()) && copying.contains(build.job())
                    : agent.equals(Rank.next(build.sha256(), present, build.leader())))
            .map(Wanted::job)
            .collect(Collectors.toSet());
    var led = mine.isEmpty() ? Set.of() : agents.lead(region, agent, mine);
    return lacking.stream()
        .map(build ->
            new Replication(
                build.job(),
                build.app(),
                build.sha256(),
                build.size(),
                build.crc32c(),
                build.manifest(),
                swarm.address(build.sha256(), region, agent),
                mode,
                led.contains(build.job()) || (build.isLed() && agent.equals(build.leader())),
                trace(build, region)))
        .toList();
  }

  private static @Nullable TraceParent trace(Wanted build, RegionName region) {
    var push = build.push();
    return push == null ? null : ReplicationTrace.replicate(push, region.value());
  }
}
