package dev.slipway.deploy.console.region;

import dev.slipway.common.access.Caller;
import dev.slipway.common.region.RegionName;
import dev.slipway.deploy.console.Page;
import dev.slipway.deploy.console.region.RegionPageStore.Agent;
import dev.slipway.deploy.console.region.RegionPageStore.Machines;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.stream.Collectors;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** How regions are; administrators leave one out and take it in again. */
@Controller
class RegionPage {
  private final RegionPageStore store;
  private final RegionSwitch regions;

  RegionPage(RegionPageStore store, RegionSwitch regions) {
    this.store = store;
    this.regions = regions;
  }

  @GetMapping("/regions")
  String regions(Model model, HttpServletRequest request) {
    model.addAttribute("regions", store.regions());
    model.addAttribute(
        "machines", store.machines().stream().collect(Collectors.groupingBy(Machines::region)));
    model.addAttribute(
        "agents", store.agents().stream().collect(Collectors.groupingBy(Agent::region)));
    return Page.of("console/regions", request);
  }

  @PostMapping("/regions/exclude")
  String exclude(
      @RequestParam RegionName region,
      @RequestParam String reason,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    regions.exclude(region, reason, caller.name());
    return Page.done("Region " + region + " is excluded.", model, response);
  }

  @PostMapping("/regions/{region}/include")
  String include(
      @PathVariable RegionName region,
      @AuthenticationPrincipal Caller caller,
      Model model,
      HttpServletResponse response) {
    regions.include(region, caller.name());
    return Page.done("Region " + region + " counts again, and catches up.", model, response);
  }
}
