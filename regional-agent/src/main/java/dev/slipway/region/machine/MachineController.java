package dev.slipway.region.machine;

import dev.slipway.common.access.Caller;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.common.openapi.Refuses;
import dev.slipway.common.problem.Problem;
import dev.slipway.region.copy.Doubts;
import dev.slipway.region.target.TargetCache;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** A machine says what it runs and learns what to run. */
@RestController
public class MachineController {
  private static final String SCHEME = "Bearer ";

  private final Fleet fleet;
  private final Doubts doubts;
  private final LongPoll longPoll;
  private final Revocations revocations;
  private final TargetCache targets;

  MachineController(
      Fleet fleet, Doubts doubts, LongPoll longPoll, Revocations revocations, TargetCache targets) {
    this.targets = targets;
    this.fleet = fleet;
    this.doubts = doubts;
    this.longPoll = longPoll;
    this.revocations = revocations;
  }

  /**
   * Takes the machine's word, then waits for an assignment that it does not know. A machine that
   * only has news keeps no connection for it beside the one that it waits on. One that is revoked
   * while it waits is refused. An agent that cannot keep what the centre says sends machines to the
   * region's other agents.
   *
   * @throws Problem 503
   */
  @Operation(operationId = "poll", summary = "Takes a machine's report and tells it what to run")
  @Refuses(status = 401, codes = "machine-revoked")
  @Refuses(status = 413, codes = "too-large")
  @Refuses(status = 503, codes = "disk-full")
  @PostMapping("/api/v1/machines/{id}/poll")
  DeferredResult<PollAnswer> poll(
      @PathVariable MachineId id,
      @RequestBody Poll poll,
      @RequestHeader(HttpHeaders.AUTHORIZATION) String authorization,
      @AuthenticationPrincipal Caller caller,
      HttpServletResponse response) {
    caller.mustBe(id.value());
    if (targets.isBehind()) {
      throw new Problem(
          503, "disk-full", "what the centre says cannot be written here: ask another agent");
    }
    if (poll.waitSeconds() <= 0) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    var epoch = revocations.epochOf(authorization.substring(SCHEME.length()));
    fleet.hear(id, poll, epoch);
    doubts.hear(poll);
    return longPoll.answer(id, poll, epoch);
  }
}
