package dev.slipway.replication.verify;

import dev.slipway.common.access.Caller;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import dev.slipway.replication.verify.ReplicaStore.Replica;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Where the copies of a build are, and whether they are right. */
@RestController
@RequestMapping("/api/v1/jobs/{job}/replicas")
public class ReplicaController {
  private final ReplicaStore replicas;
  private final AuditStore audit;
  private final TransactionTemplate transaction;

  ReplicaController(ReplicaStore replicas, AuditStore audit, TransactionTemplate transaction) {
    this.replicas = replicas;
    this.audit = audit;
    this.transaction = transaction;
  }

  /** A build's replicas by region. */
  @GetMapping
  List<Replica> replicas(@PathVariable long job) {
    return replicas.replicasOf(job);
  }

  /** Has a region's copy read whole; the list of replicas tells when it was and what came of it. */
  @PostMapping("/{region}/verify")
  @ResponseStatus(HttpStatus.ACCEPTED)
  void verify(
      @PathVariable long job,
      @PathVariable RegionName region,
      @AuthenticationPrincipal Caller caller) {
    transaction.executeWithoutResult(_ -> ask(job, region, caller));
  }

  private void ask(long job, RegionName region, Caller caller) {
    if (!replicas.ask(job, region)) {
      throw Problem.conflict(
          "no-copy", "region " + region + " does not say that it holds a copy of build #" + job);
    }
    audit.record(
        caller.name(), "replica-verify", "replica " + job + " in " + region, "ASKED", null);
  }
}
