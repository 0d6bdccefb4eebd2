package dev.slipway.deploy.console;

import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.DeploymentView;
import dev.slipway.deploy.DeploymentView.Seen;
import dev.slipway.deploy.console.OverviewStore.Version;
import dev.slipway.deploy.timeline.BudgetWatch;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** All apps at a glance. */
@Controller
class HomeController {
  private final OverviewStore overview;
  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final BudgetWatch budget;

  HomeController(
      OverviewStore overview,
      DeploymentStore deployments,
      DeploymentView view,
      BudgetWatch budget) {
    this.overview = overview;
    this.deployments = deployments;
    this.view = view;
    this.budget = budget;
  }

  @GetMapping("/")
  String home(Model model, HttpServletRequest request) {
    model.addAttribute("counts", overview.counts());
    model.addAttribute("apps", overview.apps());
    model.addAttribute("versions", versionsByAppAndRegion());
    model.addAttribute("rolling", rollingByApp());
    model.addAttribute("tight", budget.tight());
    return Page.of("console/home", request);
  }

  private Map<String, Map<String, List<Version>>> versionsByAppAndRegion() {
    return overview.versions().stream()
        .collect(
            Collectors.groupingBy(
                Version::app,
                Collectors.groupingBy(Version::region, LinkedHashMap::new, Collectors.toList())));
  }

  /** The newest open deployment of each app that has one. */
  private Map<String, Seen> rollingByApp() {
    return overview.openDeployments().stream()
        .map(deployments::find)
        .flatMap(Optional::stream)
        .collect(
            Collectors.toMap(d -> d.app().value(), Function.identity(), (newer, older) -> newer))
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> view.of(e.getValue())));
  }
}
