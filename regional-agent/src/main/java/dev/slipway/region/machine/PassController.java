package dev.slipway.region.machine;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.artifact.Sha256;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Pass;
import dev.slipway.common.machine.PassRequest;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.swagger.v3.oas.annotations.Operation;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A machine asks for its way into a swarm, and again while it shares. */
@RestController
public class PassController {
  private final Admission admission;
  private final MeterRegistry meters;

  /**
   * @param meters get {@code slipway.region.passes} by outcome
   */
  PassController(Admission admission, MeterRegistry meters) {
    this.admission = admission;
    this.meters = meters;
  }

  /** Admits the machine to the swarm of one artifact. */
  @Operation(operationId = "admit", summary = "Admits a machine to the swarm of an artifact")
  @Refuses(status = 403, codes = "not-assigned")
  @PostMapping("/api/v1/machines/{id}/passes/{app}/{sha256}")
  Pass pass(
      @PathVariable MachineId id,
      @PathVariable AppName app,
      @PathVariable Sha256 sha256,
      @RequestBody PassRequest request,
      @AuthenticationPrincipal Caller caller) {
    caller.mustBe(id.value());
    try {
      var pass = admission.admit(id, app, sha256, request);
      count("given");
      return pass;
    } catch (Problem refused) {
      count("refused");
      throw refused;
    }
  }

  private void count(String outcome) {
    meters.counter("slipway.region.passes", "outcome", outcome).increment();
  }
}
