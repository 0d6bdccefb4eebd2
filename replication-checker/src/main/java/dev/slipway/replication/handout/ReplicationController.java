package dev.slipway.replication.handout;

import dev.slipway.common.access.ApiSecurity;
import dev.slipway.common.loop.Changes;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import dev.slipway.common.replica.AgentName;
import dev.slipway.common.replica.ReplicaClaim;
import dev.slipway.common.replica.Replication;
import dev.slipway.common.replica.ReplicationApi;
import dev.slipway.replication.verify.ReplicaStore;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.RestController;

/** Hands out what regions lack and takes their word that they have it. */
@RestController
public class ReplicationController implements ReplicationApi {
  private final Handout handout;
  private final ReplicaStore replicas;
  private final Changes changes;
  private final NoticeStore notices;

  ReplicationController(
      Handout handout, ReplicaStore replicas, Changes changes, NoticeStore notices) {
    this.handout = handout;
    this.replicas = replicas;
    this.changes = changes;
    this.notices = notices;
  }

  @Operation(
      operationId = "listReplications",
      summary = "Tells a region's agent what its bucket lacks")
  @Override
  public List<Replication> wanted(RegionName region, AgentName agent, Set<Long> copying, int wait)
      throws InterruptedException {
    ApiSecurity.caller().mustBe(region.value());
    InvalidInput.unless(
        copying.size() <= MOST_COPYING, "copying", "must be at most " + MOST_COPYING + " builds");
    var deadline =
        System.nanoTime() + Duration.ofSeconds(Math.clamp(wait, 0, LONGEST_WAIT)).toNanos();
    while (true) {
      var seen = changes.count();
      var lacking = handout.to(region, agent, copying);
      var left = Duration.ofNanos(deadline - System.nanoTime());
      if (!lacking.isEmpty() || !left.isPositive() || !changes.awaitAbove(seen, left)) {
        return lacking;
      }
    }
  }

  @Operation(operationId = "claimReplica", summary = "Takes a region's word that it holds a copy")
  @Refuses(status = 409, codes = "not-this-artifact")
  @Override
  public void claim(long job, RegionName region, ReplicaClaim claim) {
    ApiSecurity.caller().mustBe(region.value());
    InvalidInput.unless(claim.id() != null, "id", "must be given");
    InvalidInput.unless(claim.movedBytes() >= 0, "movedBytes", "must be 0 or more");
    if (!replicas.claim(job, region, claim)) {
      throw Problem.conflict(
          "not-this-artifact", "build #" + job + " has no artifact of that size and digest");
    }
    notices.send(Channel.REPLICA_CHANGED);
  }
}
