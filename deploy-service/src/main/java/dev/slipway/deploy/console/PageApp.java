package dev.slipway.deploy.console;

import dev.slipway.common.app.AppName;
import dev.slipway.common.job.JobRepository;
import dev.slipway.common.problem.InvalidInput;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.DeploymentStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells by its address which app a page is about. */
final class PageApp {
  private static final Pattern APP = Pattern.compile("/apps/([^/]+)(/.*)?");
  private static final Pattern BUILD = Pattern.compile("/builds/(\\d{1,18})(/.*)?");
  private static final Pattern DEPLOYMENT = Pattern.compile("/deployments/(\\d{1,18})(/.*)?");

  private final JobRepository jobs;
  private final DeploymentStore deployments;

  PageApp(JobRepository jobs, DeploymentStore deployments) {
    this.jobs = jobs;
    this.deployments = deployments;
  }

  /** None where a page is about none, or about something that does not exist. */
  Optional<AppName> of(HttpServletRequest request) {
    var path = request.getRequestURI();
    var app = APP.matcher(path);
    if (app.matches()) {
      return named(app.group(1));
    }
    var build = BUILD.matcher(path);
    if (build.matches()) {
      return Optional.ofNullable(jobs.findById(Long.parseLong(build.group(1))))
          .map(job -> new AppName(job.app()));
    }
    var deployment = DEPLOYMENT.matcher(path);
    return deployment.matches()
        ? deployments.find(Long.parseLong(deployment.group(1))).map(Deployment::app)
        : Optional.empty();
  }

  private static Optional<AppName> named(String name) {
    try {
      return Optional.of(new AppName(name));
    } catch (InvalidInput notAName) {
      return Optional.empty();
    }
  }
}
