package dev.slipway.deploy.console;

import dev.slipway.common.recipe.Times;
import dev.slipway.deploy.Deployment;
import dev.slipway.deploy.Progress;
import java.util.ArrayList;
import java.util.List;

/** What stands between a wave and the next, as the judge sees it. */
final class GateChecks {
  private final Deployment deployment;
  private final Progress progress;
  private final Words words;

  GateChecks(Deployment deployment, Progress progress, Words words) {
    this.deployment = deployment;
    this.progress = progress;
    this.words = words;
  }

  /**
   * One thing that is looked at.
   *
   * @param state WELL, UNDER_WAY, FAILED or TO_COME
   */
  public record Check(String name, String state, String text) {}

  List<Check> all() {
    var checks = new ArrayList<Check>();
    checks.add(machines());
    checks.add(failures());
    if (!isWell()) {
      checks.add(deadline());
    }
    if (!deployment.step().bake().isZero()) {
      checks.add(bake());
    }
    if (deployment.plan().gate().analysis() != null) {
      checks.add(analysis());
    }
    return checks;
  }

  private boolean isWell() {
    return progress.isHealthy(deployment.plan());
  }

  private Check machines() {
    var least = deployment.plan().gate().minHealthy();
    var text = words.count(progress.healthy()) + " of " + words.count(progress.total()) + " run it";
    return new Check(
        "machines",
        isWell() ? "WELL" : "UNDER_WAY",
        least == null ? text : text + ", " + least + " % must");
  }

  private Check failures() {
    var most = progress.allowed(deployment.plan().maxFailed());
    var text =
        "%s failed, %s silent; %s may (%d %%)"
            .formatted(
                words.count(progress.failed()),
                words.count(progress.unknown()),
                most == 0 ? "none" : words.count(most),
                deployment.plan().maxFailed());
    return new Check("failures", progress.failed() > most ? "FAILED" : "WELL", text);
  }

  private Check deadline() {
    var within = deployment.plan().gate().within();
    var ill = deployment.waveIllAt();
    var left =
        ill == null ? within.toSeconds() : within.toSeconds() - words.secondsBetween(ill, null);
    return new Check(
        "deadline",
        left > 0 ? "UNDER_WAY" : "FAILED",
        left > 0
            ? "%s left of %s to become well".formatted(words.seconds(left), Times.written(within))
            : "not well for " + Times.written(within));
  }

  private Check bake() {
    var bake = deployment.step().bake();
    var since = deployment.waveHealthyAt();
    if (deployment.promoted() != null) {
      return new Check("bake", "WELL", "skipped by a person");
    }
    if (since == null) {
      return new Check("bake", "TO_COME", "well for " + Times.written(bake) + " at a stretch");
    }
    var well = words.secondsBetween(since, null);
    return new Check(
        "bake",
        well >= bake.toSeconds() ? "WELL" : "UNDER_WAY",
        "well for %s of %s".formatted(words.seconds(well), Times.written(bake)));
  }

  /** The judge writes down why it waits for it; a bad answer ends the deployment at once. */
  private Check analysis() {
    var reason = deployment.reason();
    if (!isWell()) {
      return new Check("analysis", "TO_COME", "asked once the machines are well");
    }
    return reason == null
        ? new Check("analysis", "WELL", "within its bounds")
        : new Check("analysis", "UNDER_WAY", words.brief(reason));
  }
}
