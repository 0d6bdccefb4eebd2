package dev.slipway.deploy.console;

import dev.slipway.common.access.Caller;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.Retries;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** The button for machines that failed. */
@Controller
class RetryController {
  private final Retries retries;
  private final DeploymentStore deployments;
  private final NoticeStore notices;

  RetryController(Retries retries, DeploymentStore deployments, NoticeStore notices) {
    this.retries = retries;
    this.deployments = deployments;
    this.notices = notices;
  }

  @PostMapping("/deployments/{id}/retry")
  String retry(
      @PathVariable long id,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    caller.mustDeploy(deployments.appOf(id));
    var retried = retries.retry(id, caller.name());
    notices.send(Channel.TARGET_CHANGED);
    notices.send(Channel.DEPLOYMENT_CHANGED);
    var message =
        "%d %s again."
            .formatted(
                retried.machines(), retried.machines() == 1 ? "machine tries" : "machines try");
    return Page.done(message, model, response);
  }
}
