package dev.slipway.deploy;

import dev.slipway.common.recipe.Times;
import org.jspecify.annotations.Nullable;

/** Stands at a wave's gate: says whether the next wave may follow. */
final class Judge {
  private final DeploymentStore deployments;
  private final DeploymentView view;
  private final Analyses analyses;

  Judge(DeploymentStore deployments, DeploymentView view, Analyses analyses) {
    this.deployments = deployments;
    this.view = view;
    this.analyses = analyses;
  }

  /** What is to become of a wave. */
  sealed interface Verdict {
    /** The gate is green. */
    record Go() implements Verdict {}

    /**
     * Not yet.
     *
     * @param why when it is for another reason than machines on their way and the bake
     */
    record Wait(@Nullable String why) implements Verdict {}

    /** The deployment has failed. */
    record Fail(String why) implements Verdict {}
  }

  /** Judges the wave under way, and notes since when its machines are well or not. */
  Verdict judge(Deployment deployment) {
    var plan = deployment.plan();
    var seen = view.of(deployment);
    var progress = seen.progress();
    // a wave that reaches nobody has shown nothing
    var healthy = seen.lacking() == null && progress.isHealthy(plan);
    var seconds = deployments.note(deployment, healthy);
    if (progress.hasFailed(plan.maxFailed())) {
      return fail(
          deployment, "%d of %d machines failed".formatted(progress.failed(), progress.total()));
    }
    if (healthy) {
      return judgeHealthy(deployment, seconds);
    }
    var nobody = seen.lacking() == null ? null : "no machine has the labels " + seen.lacking();
    return seconds <= plan.gate().within().toSeconds()
        ? new Verdict.Wait(nobody)
        : fail(deployment, nobody == null ? late(plan, progress) : nobody);
  }

  private static String late(Plan plan, Progress progress) {
    return "%d of %d machines did not run it after %s"
        .formatted(
            progress.total() - progress.healthy(),
            progress.total(),
            Times.written(plan.gate().within()));
  }

  private Verdict judgeHealthy(Deployment deployment, double seconds) {
    var within = deployment.plan().gate().within();
    var bake = deployment.promoted() == null ? deployment.step().bake().toSeconds() : 0;
    var finding = analyses.of(deployment);
    return switch (finding.kind()) {
      case BAD -> fail(deployment, finding.text());
      case GOOD -> seconds < bake ? new Verdict.Wait(null) : new Verdict.Go();
      case OPEN ->
          seconds <= bake + within.toSeconds()
              ? new Verdict.Wait("its analysis is open: " + finding.text())
              : fail(
                  deployment,
                  "its analysis was open for " + Times.written(within) + ": " + finding.text());
    };
  }

  private static Verdict fail(Deployment deployment, String why) {
    return new Verdict.Fail("wave " + (deployment.wave() + 1) + ": " + why);
  }
}
