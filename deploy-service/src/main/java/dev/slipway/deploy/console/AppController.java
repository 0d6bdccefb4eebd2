package dev.slipway.deploy.console;

import dev.slipway.common.app.AppName;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** One app: what runs where, and its builds. */
@Controller
class AppController {
  private static final int MOST_BUILDS = 500;

  private final AppRepository apps;
  private final FleetView fleet;
  private final BuildList builds;
  private final DeploymentList deployments;

  AppController(AppRepository apps, FleetView fleet, BuildList builds, DeploymentList deployments) {
    this.apps = apps;
    this.fleet = fleet;
    this.builds = builds;
    this.deployments = deployments;
  }

  /**
   * The app's page.
   *
   * @param show how many builds, newest first
   */
  @GetMapping("/apps/{name}")
  String app(
      @PathVariable AppName name,
      @RequestParam(defaultValue = "25") int show,
      Model model,
      HttpServletRequest request) {
    var app = apps.findByName(name.value());
    if (app == null) {
      throw Problem.notFound("app " + name);
    }
    var most = Math.clamp(show, 1, MOST_BUILDS);
    var regions = fleet.of(name);
    var newest = builds.newest(name, most, regions);
    model.addAttribute("app", app);
    model.addAttribute("show", most);
    model.addAttribute("regions", regions);
    model.addAttribute("builds", newest);
    model.addAttribute(
        "next",
        newest.stream().filter(l -> l.act() == BuildList.Act.DEPLOY).findFirst().orElse(null));
    model.addAttribute("commits", builds.commitsOf(FleetView.buildsIn(regions), newest));
    model.addAttribute("wanted", regions.stream().filter(FleetView.RegionFleet::wanted).count());
    deployments.addTo(model, name);
    return Page.of("console/app", request);
  }
}
