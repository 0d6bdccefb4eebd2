package dev.slipway.deploy.console;

import dev.slipway.common.app.AppName;
import dev.slipway.deploy.AutoDeploy;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.DeploymentStore;
import dev.slipway.deploy.DeploymentView;
import dev.slipway.deploy.Rollback;
import java.util.stream.Collectors;
import org.springframework.ui.Model;

/** What an app's page shows of its deployments. */
final class DeploymentList {
  private static final int MOST = 100;

  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final Rollback rollback;
  private final AutoDeploy autoDeploy;

  DeploymentList(
      DeploymentStore deployments, DeploymentView view, Rollback rollback, AutoDeploy autoDeploy) {
    this.deployments = deployments;
    this.view = view;
    this.rollback = rollback;
    this.autoDeploy = autoDeploy;
  }

  /** Adds the open one, the way back, what auto-deploy's next waits for, the latest by build. */
  void addTo(Model model, AppName app) {
    var latest = deployments.list(app.value(), Long.MAX_VALUE, MOST);
    var open = latest.stream().filter(d -> !d.status().isEnded()).findFirst();
    model.addAttribute("open", open.map(view::of).orElse(null));
    model.addAttribute("wayBack", rollback.wayBack(app).orElse(null));
    model.addAttribute("held", autoDeploy.held(app).orElse(null));
    model.addAttribute(
        "deployments", latest.stream().collect(Collectors.groupingBy(Deployment::build)));
  }
}
