package dev.slipway.deploy.console.settings;

import dev.slipway.common.access.Caller;
import dev.slipway.common.app.AppName;
import dev.slipway.common.app.BuildOptions;
import dev.slipway.common.app.Builds;
import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.Deployer;
import dev.slipway.deploy.console.Page;
import dev.slipway.deploy.freeze.Freezes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is set: apps, and times in which nothing begins. */
@Controller
class SettingsPage {
  private final AppSettingsStore apps;
  private final AppChanges changes;
  private final Deployer deployer;
  private final Freezes freezes;

  SettingsPage(AppSettingsStore apps, AppChanges changes, Deployer deployer, Freezes freezes) {
    this.apps = apps;
    this.changes = changes;
    this.deployer = deployer;
    this.freezes = freezes;
  }

  @GetMapping("/settings")
  String settings(Model model, HttpServletRequest request) {
    model.addAttribute("apps", apps.all());
    model.addAttribute("freezes", freezes.notOver());
    return Page.of("console/settings", request);
  }

  @GetMapping("/settings/apps/{app}")
  String app(@PathVariable AppName app, Model model, HttpServletRequest request) {
    model.addAttribute("app", apps.find(app).orElseThrow(() -> Problem.notFound("app " + app)));
    return Page.of("console/app-settings", request);
  }

  @PostMapping("/settings/apps/{app}")
  String change(
      @PathVariable AppName app,
      @RequestParam String builds,
      @RequestParam int maxAttempts,
      @RequestParam(defaultValue = "false") boolean retryFailures,
      @RequestParam int keepBuilds,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    var options = new BuildOptions(Builds.of(builds), maxAttempts, retryFailures, keepBuilds);
    changes.change(app, options, caller.name());
    return Page.done("Saved. It counts from the next push on.", model, response);
  }

  @PostMapping("/settings/apps/{app}/approval")
  String approval(
      @PathVariable AppName app,
      @RequestParam boolean needed,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    deployer.approval(app, needed, caller.name());
    var message =
        needed
            ? "Deployments of " + app + " wait for a second person from now on."
            : "Deployments of " + app + " need no second person any more.";
    return Page.done(message, model, response);
  }
}
