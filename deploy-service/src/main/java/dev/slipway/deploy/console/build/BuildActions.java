package dev.slipway.deploy.console.build;

import dev.slipway.common.access.Caller;
import dev.slipway.common.job.JobMoves;
import dev.slipway.deploy.console.Page;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** The buttons that end a build, and that have it tried again. */
@Controller
class BuildActions {
  private final JobMoves moves;

  BuildActions(JobMoves moves) {
    this.moves = moves;
  }

  @PostMapping("/builds/{id}/cancel")
  String cancel(
      @PathVariable long id,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    var now = moves.cancel(id, caller);
    var message =
        now.isEnded()
            ? "Build #%d is cancelled."
            : "Build #%d ends as soon as its worker has stopped it.";
    return Page.done(message.formatted(id), model, response);
  }

  @PostMapping("/builds/{id}/retry")
  String retry(
      @PathVariable long id,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    moves.retry(id, caller);
    return Page.done("Build #%d waits for a worker again.".formatted(id), model, response);
  }
}
