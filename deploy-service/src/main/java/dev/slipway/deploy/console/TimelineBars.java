package dev.slipway.deploy.console;

import dev.slipway.common.job.Job;
import dev.slipway.deploy.TimelineStore.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A build's stages as bars on one scale. */
final class Timeline {
  private Timeline() {}

  /**
   * A bar.
   *
   * @param start where it begins, and {@code width}, in percent of the whole
   * @param lasting whether the stage has not ended
   */
  public record Bar(
      String name, String start, String width, String words, boolean begun, boolean lasting) {}

  static List<Bar> of(Job job, List<Stage> stages, Words words) {
    var whole = 0.001;
    for (var stage : stages) {
      if (counts(stage, job) && stage.from() != null) {
        whole = Math.max(whole, words.secondsBetween(job.createdAt(), stage.until()));
      }
    }
    var bars = new ArrayList<Bar>();
    for (var stage : stages) {
      bars.add(bar(stage, job, whole, words));
    }
    return bars;
  }

  private static Bar bar(Stage stage, Job job, double whole, Words words) {
    var from = stage.from();
    if (from == null || !counts(stage, job)) {
      return new Bar(stage.name(), "0%", "0%", "–", false, false);
    }
    var start = words.secondsBetween(job.createdAt(), from) / whole * 100;
    var seconds = Math.max(0, words.secondsBetween(from, stage.until()));
    return new Bar(
        stage.name(),
        percent(Math.clamp(start, 0, 99.5)),
        percent(Math.clamp(seconds / whole * 100, 0.5, 100)),
        words.seconds(seconds),
        true,
        stage.until() == null);
  }

  /** A stage without an end is under way, unless nothing follows: nobody need deploy a build. */
  private static boolean counts(Stage stage, Job job) {
    if (stage.until() != null) {
      return true;
    }
    return switch (stage.name()) {
      case "queue", "build" -> !job.status().isEnded();
      case "replicate" -> job.binaryName() != null;
      case "deploy" -> true;
      default -> false;
    };
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }
}
