package dev.slipway.replication.verify;

import dev.slipway.common.access.Caller;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.page.Page;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import dev.slipway.replication.verify.ReplicaStore.Replica;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Where the copies of a build are, and whether they are right. */
@RestController
@RequestMapping("/api/v1/jobs/{job}/replicas")
public class ReplicaController {
  private static final int MOST = 200;

  private final ReplicaStore replicas;
  private final AuditStore audit;
  private final TransactionTemplate transaction;

  ReplicaController(ReplicaStore replicas, AuditStore audit, TransactionTemplate transaction) {
    this.replicas = replicas;
    this.audit = audit;
    this.transaction = transaction;
  }

  /**
   * A page of a build's replicas, by region.
   *
   * @param after the last region of the page before
   * @param limit 1 to 200
   */
  @Operation(operationId = "listReplicas", summary = "Lists a build's copies by region")
  @GetMapping
  ResponseEntity<List<Replica>> replicas(
      @PathVariable long job,
      @RequestParam(defaultValue = "") String after,
      @RequestParam(defaultValue = "200") @Schema(minimum = "1", maximum = "200") int limit) {
    Page.requireLimit(limit, MOST);
    var page =
        replicas.replicasOf(job).stream()
            .filter(replica -> replica.region().compareTo(after) > 0)
            .limit(limit)
            .toList();
    return Page.of(page, limit, Replica::region);
  }

  /** Has a region's copy read whole; the list of replicas tells when it was and what came of it. */
  @Operation(operationId = "verifyReplica", summary = "Has a region's copy read whole")
  @Refuses(status = 404, codes = "not-found")
  @Refuses(status = 409, codes = "no-copy")
  @PostMapping("/{region}/verify")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void verify(
      @PathVariable long job,
      @PathVariable RegionName region,
      @AuthenticationPrincipal Caller caller) {
    transaction.executeWithoutResult(_ -> ask(job, region, caller));
  }

  private void ask(long job, RegionName region, Caller caller) {
    caller.mustDeploy(replicas.appOf(job).orElseThrow(() -> Problem.notFound("build #" + job)));
    if (!replicas.ask(job, region)) {
      throw Problem.conflict(
          "no-copy", "region " + region + " does not say that it holds a copy of build #" + job);
    }
    audit.record(
        caller.name(), "replica-verify", "replica " + job + " in " + region, "ASKED", null);
  }
}
