package dev.slipway.deploy.console.build;

import dev.slipway.common.access.Caller;
import dev.slipway.common.job.JobMoves;
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
    return done(message.formatted(id), model, response);
  }

  @PostMapping("/builds/{id}/retry")
  String retry(
      @PathVariable long id,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    moves.retry(id, caller);
    return done("Build #%d waits for a worker again.".formatted(id), model, response);
  }

  private static String done(String message, Model model, HttpServletResponse response) {
    model.addAttribute("message", message);
    response.setHeader("HX-Trigger", "changed");
    return "console/notice :: done";
  }
}
