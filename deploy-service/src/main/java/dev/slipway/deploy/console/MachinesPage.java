package dev.slipway.deploy.console;

import dev.slipway.common.app.App;
import dev.slipway.common.app.AppRepository;
import dev.slipway.common.region.Region;
import dev.slipway.common.region.RegionRepository;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The whole fleet, filtered, a page at a time. */
@Controller
class MachinesPage {
  private static final int MOST = 100;
  private static final List<String> STATES =
      List.of("FAILED", "UNKNOWN", "DOWNLOADING", "ACTIVATING", "WAITING", "RUNNING");

  private final MachineStore machines;
  private final RegionRepository regions;
  private final AppRepository apps;

  MachinesPage(MachineStore machines, RegionRepository regions, AppRepository apps) {
    this.machines = machines;
    this.regions = regions;
    this.apps = apps;
  }

  /**
   * The page.
   *
   * @param after the key of the last line before it
   */
  @GetMapping("/machines")
  String machines(
      @RequestParam(defaultValue = "") String region,
      @RequestParam(defaultValue = "") String app,
      @RequestParam(defaultValue = "") String state,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "") String after,
      Model model,
      HttpServletRequest request) {
    var filter = new MachineFilter(region, app, state, name);
    var lines = machines.page(filter, MachineKey.of(after), MOST + 1);
    model.addAttribute("filter", filter);
    model.addAttribute("lines", lines.stream().limit(MOST).toList());
    model.addAttribute("next", lines.size() > MOST ? lines.get(MOST - 1).key().toString() : null);
    model.addAttribute("after", after);
    model.addAttribute("counts", machines.counts(filter));
    model.addAttribute("states", STATES);
    model.addAttribute(
        "regions", regions.findAllByOrderByName().stream().map(Region::name).toList());
    model.addAttribute("apps", apps.findAllByOrderByName().stream().map(App::name).toList());
    return Page.of("console/machines", request);
  }
}
