package dev.slipway.deploy.console;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.notice.Channel;
import dev.slipway.common.notice.NoticeStore;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.deploy.Deployer;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.Move;
import dev.slipway.deploy.Rollback;
import dev.slipway.deploy.Steering;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The buttons. Each answers with a notice; the page then asks again for what it shows. */
@Controller
class ActionController {
  private static final int LONGEST_OVERRIDE = 500;

  private final Deployer deployer;
  private final Rollback rollback;
  private final Steering steering;
  private final DeploymentStore deployments;
  private final NoticeStore notices;

  ActionController(
      Deployer deployer,
      Rollback rollback,
      Steering steering,
      DeploymentStore deployments,
      NoticeStore notices) {
    this.deployer = deployer;
    this.rollback = rollback;
    this.steering = steering;
    this.deployments = deployments;
    this.notices = notices;
  }

  /**
   * Deploys a build.
   *
   * @param override why it must be in spite of a freeze; at most 500 characters
   */
  @PostMapping("/apps/{app}/builds/{build}/deploy")
  String deploy(
      @PathVariable AppName app,
      @PathVariable long build,
      @RequestParam(required = false) @Nullable String override,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    caller.mustDeploy(app);
    InvalidInput.unless(
        override == null || (!override.isBlank() && override.length() <= LONGEST_OVERRIDE),
        "override",
        "must say why, in at most " + LONGEST_OVERRIDE + " characters");
    var made = deployer.deploy(app, build, caller.name(), override);
    return started(made, "Build #" + build + " is on its way.", model, response);
  }

  /** Goes back to the build that the person was shown. */
  @PostMapping("/apps/{app}/builds/{build}/rollback")
  String rollBack(
      @PathVariable AppName app,
      @PathVariable long build,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    caller.mustDeploy(app);
    var made = rollback.to(app, build, false, caller.name());
    return started(
        made, "Going back to build #" + build + ". Auto-deploy is off.", model, response);
  }

  @PostMapping("/apps/{app}/auto-deploy")
  String autoDeploy(
      @PathVariable AppName app,
      @RequestParam boolean enabled,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    caller.mustDeploy(app);
    deployer.autoDeploy(app, enabled, caller.name());
    return done(enabled ? "Auto-deploy is on again." : "Auto-deploy is off.", model, response);
  }

  @PostMapping("/deployments/{id}/{move}")
  String move(
      @PathVariable long id,
      @PathVariable String move,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    var wanted = Move.of(move);
    caller.mustDeploy(deployments.appOf(id));
    var moved = steering.move(id, wanted, caller.name());
    var now = moved.status().name().toLowerCase(Locale.ROOT);
    return done("Deployment " + id + " is " + now + " now.", model, response);
  }

  private String started(
      Deployment made, String message, Model model, HttpServletResponse response) {
    model.addAttribute("deployment", made.id());
    return done(message, model, response);
  }

  private String done(String message, Model model, HttpServletResponse response) {
    notices.send(List.of(Channel.TARGET_CHANGED, Channel.DEPLOYMENT_CHANGED));
    return Page.done(message, model, response);
  }
}
