package dev.slipway.deploy.machine;

import dev.slipway.common.access.Caller;
import dev.slipway.common.audit.AuditStore;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.Problem;
import dev.slipway.common.region.RegionName;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes machines out of the fleet. */
@RestController
public class MachineController {
  private final RevocationStore revocations;
  private final AuditStore audit;
  private final NoticeStore notices;
  private final TransactionTemplate transaction;

  MachineController(
      RevocationStore revocations,
      AuditStore audit,
      NoticeStore notices,
      TransactionTemplate transaction) {
    this.revocations = revocations;
    this.audit = audit;
    this.notices = notices;
    this.transaction = transaction;
  }

  /**
   * Takes a machine out: it counts in no deployment any more, and its region refuses its credential
   * until it is registered again. Apps that run on it are not stopped by this.
   */
  @Operation(
      operationId = "revokeMachine",
      summary = "Takes a machine out of the fleet and ends its credential")
  @Refuses(status = 404, codes = "not-found")
  @DeleteMapping("/api/v1/machines/{region}/{machine}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(
      @PathVariable RegionName region,
      @PathVariable MachineId machine,
      @AuthenticationPrincipal Caller caller) {
    transaction.executeWithoutResult(t -> {
      if (!revocations.revoke(region, machine, caller.name())) {
        throw Problem.notFound("region " + region);
      }
      audit.record(
          caller.name(), "machine-revoke", "machine " + region + "/" + machine, "REVOKED", null);
    });
    notices.send(List.of(Channel.TARGET_CHANGED, Channel.FLEET_CHANGED));
  }
}
