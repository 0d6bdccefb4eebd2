package dev.slipway.region.machine;

import dev.slipway.common.access.Caller;
import dev.slipway.common.machine.MachineId;
import dev.slipway.common.machine.Poll;
import dev.slipway.common.machine.PollAnswer;
import dev.slipway.region.copy.Doubts;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** A machine says what it runs and learns what to run. */
@RestController
public class MachineController {
  private final Fleet fleet;
  private final Doubts doubts;
  private final LongPoll longPoll;

  MachineController(Fleet fleet, Doubts doubts, LongPoll longPoll) {
    this.fleet = fleet;
    this.doubts = doubts;
    this.longPoll = longPoll;
  }

  /**
   * Takes the machine's word, then waits for an assignment that it does not know. A machine that
   * only has news keeps no connection for it beside the one that it waits on.
   */
  @PostMapping("/api/v1/machines/{id}/poll")
  DeferredResult<PollAnswer> poll(
      @PathVariable MachineId id,
      @RequestBody Poll poll,
      @AuthenticationPrincipal Caller caller,
      HttpServletResponse response) {
    caller.mustBe(id.value());
    if (poll.waitSeconds() <= 0) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    fleet.hear(id, poll);
    doubts.hear(poll);
    return longPoll.answer(id, poll);
  }
}
