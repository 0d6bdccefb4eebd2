package dev.slipway.deploy.console;

import dev.slipway.common.problem.Problem;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.DeploymentStatus;
import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.DeploymentView;
import dev.slipway.deploy.DeploymentView.Straggler;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** One deployment: its waves, and who is not there yet. */
@Controller
class DeploymentPage {
  private static final int MOST_STRAGGLERS = 100;

  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final BuildStore builds;

  DeploymentPage(DeploymentStore deployments, DeploymentView view, BuildStore builds) {
    this.deployments = deployments;
    this.view = view;
    this.builds = builds;
  }

  @GetMapping("/deployments/{id}")
  String deployment(@PathVariable long id, Model model, HttpServletRequest request) {
    var deployment = deployments.find(id).orElseThrow(() -> Problem.notFound("deployment " + id));
    // the machines have moved on since a deployment that has ended
    var open = !deployment.status().isEnded();
    List<Straggler> stragglers =
        open && deployment.status() != DeploymentStatus.PENDING
            ? view.stragglers(deployment)
            : List.of();
    model.addAttribute("deployment", deployment);
    model.addAttribute("open", open);
    var seen = open ? view.of(deployment) : null;
    model.addAttribute("progress", seen == null ? null : seen.progress());
    model.addAttribute("regions", seen == null ? Map.of() : seen.regions());
    model.addAttribute("left", seen == null ? null : seen.secondsLeft());
    model.addAttribute("stragglers", stragglers.stream().limit(MOST_STRAGGLERS).toList());
    model.addAttribute("unseen", Math.max(0, stragglers.size() - MOST_STRAGGLERS));
    model.addAttribute(
        "commit", builds.commits(Set.of(deployment.build())).get(deployment.build()));
    model.addAttribute("waves", waves(deployment));
    return Page.of("console/deployment", request);
  }

  /**
   * A wave.
   *
   * @param state DONE, UNDER_WAY, STOPPED or TO_COME
   */
  public record Wave(int number, String regions, int machines, String bake, String state) {}

  private static List<Wave> waves(Deployment deployment) {
    var steps = deployment.plan().steps();
    return IntStream.range(0, steps.size())
        .mapToObj(i -> {
          var step = steps.get(i);
          return new Wave(
              i + 1,
              String.join(", ", step.regions().stream().map(Object::toString).toList()),
              step.machines(),
              step.bake().isZero()
                  ? ""
                  : step.bake().toString().substring(2).toLowerCase(Locale.ROOT),
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
