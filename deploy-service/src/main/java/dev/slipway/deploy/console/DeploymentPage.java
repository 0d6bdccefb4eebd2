package dev.slipway.deploy.console;

import dev.slipway.common.problem.Problem;
import dev.slipway.common.recipe.Times;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.DeploymentStatus;
import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.DeploymentView;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** One deployment: its regions and machines, its waves and gate, and who is not there yet. */
@Controller
class DeploymentPage {
  private static final int MOST_STRAGGLERS = 50;

  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final BuildStore builds;
  private final Words words;

  DeploymentPage(DeploymentStore deployments, DeploymentView view, BuildStore builds, Words words) {
    this.deployments = deployments;
    this.view = view;
    this.builds = builds;
    this.words = words;
  }

  @GetMapping("/deployments/{id}")
  String deployment(@PathVariable long id, Model model, HttpServletRequest request) {
    var deployment = deployments.find(id).orElseThrow(() -> Problem.notFound("deployment " + id));
    model.addAttribute("deployment", deployment);
    model.addAttribute("open", !deployment.status().isEnded());
    model.addAttribute(
        "commit", builds.commits(Set.of(deployment.build())).get(deployment.build()));
    model.addAttribute("waves", waves(deployment));
    model.addAttribute("regions", regions(deployment));
    // machines follow the app's last deployment; what they do says nothing about an earlier one
    var followed = deployment.startedAt() != null && isLatest(deployment);
    model.addAttribute("followed", followed);
    if (followed) {
      addMachines(deployment, model);
    }
    return Page.of("console/deployment", request);
  }

  private boolean isLatest(Deployment deployment) {
    var app = deployment.app().value();
    return deployments.list(app, Long.MAX_VALUE, 1).getFirst().id() == deployment.id();
  }

  private void addMachines(Deployment deployment, Model model) {
    var look = view.look(deployment);
    var seen = look.seen();
    model.addAttribute("progress", seen.progress());
    model.addAttribute("byRegion", seen.regions());
    model.addAttribute("left", seen.secondsLeft());
    model.addAttribute("stragglers", look.stragglers().stream().limit(MOST_STRAGGLERS).toList());
    model.addAttribute("unseen", Math.max(0, look.stragglers().size() - MOST_STRAGGLERS));
    if (deployment.status() == DeploymentStatus.ROLLING) {
      model.addAttribute("checks", new GateChecks(deployment, seen.progress(), words).all());
    }
  }

  /** All that it reaches, by name. */
  private static Set<String> regions(Deployment deployment) {
    var regions = new TreeSet<String>();
    deployment
        .plan()
        .steps()
        .forEach(step -> step.regions().forEach(region -> regions.add(region.value())));
    return regions;
  }

  /**
   * A wave.
   *
   * @param state DONE, UNDER_WAY, STOPPED or TO_COME
   */
  public record Wave(
      int number, String regions, String labels, int machines, String bake, String state) {}

  private static List<Wave> waves(Deployment deployment) {
    var steps = deployment.plan().steps();
    return IntStream.range(0, steps.size())
        .mapToObj(i -> {
          var step = steps.get(i);
          return new Wave(
              i + 1,
              String.join(", ", step.regions().stream().map(Object::toString).toList()),
              deployment.plan().labelsOf(i).toString(),
              step.machines(),
              step.bake().isZero() ? "" : Times.written(step.bake()),
              stateOf(deployment, i));
        })
        .toList();
  }

  private static String stateOf(Deployment deployment, int wave) {
    var now = deployment.startedAt() == null ? -1 : deployment.wave();
    if (wave < now || deployment.status() == DeploymentStatus.SUCCEEDED) {
      return "DONE";
    }
    if (wave > now) {
      return "TO_COME";
    }
    return deployment.status() == DeploymentStatus.ROLLING ? "UNDER_WAY" : "STOPPED";
  }
}
