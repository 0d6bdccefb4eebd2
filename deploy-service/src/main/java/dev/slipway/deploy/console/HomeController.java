package dev.slipway.deploy.console;

import dev.slipway.common.problem.InvalidInput;
import dev.slipway.deploy.console.AppRow.Standing;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** All apps at a glance. */
@Controller
class HomeController {
  private static final int LONGEST_FILTER = 100;

  private final OverviewStore store;
  private final Overview overview;

  HomeController(OverviewStore store, Overview overview) {
    this.store = store;
    this.overview = overview;
  }

  /**
   * The first page.
   *
   * @param name apps with this in their name
   */
  @GetMapping("/")
  String home(
      @RequestParam(defaultValue = "") String name, Model model, HttpServletRequest request) {
    InvalidInput.unless(
        name.length() <= LONGEST_FILTER, "name", "must be at most " + LONGEST_FILTER + " long");
    model.addAttribute("counts", store.counts());
    var rows = overview.rows(name.strip());
    model.addAttribute("rows", rows);
    model.addAttribute(
        "look",
        rows.getOrDefault(Standing.FAILING, List.of()).size()
            + rows.getOrDefault(Standing.AT_RISK, List.of()).size());
    model.addAttribute("name", name);
    return Page.of("console/home", request);
  }
}
