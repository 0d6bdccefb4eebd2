package dev.slipway.deploy.console;

import dev.slipway.deploy.timeline.Stage;
import dev.slipway.deploy.timeline.Timeline;
import dev.slipway.deploy.timeline.Timeline.Outlook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A build's stages as bars on one scale. */
final class TimelineBars {
  private TimelineBars() {}

  /**
   * A bar.
   *
   * @param start where it begins, and {@code width}, in percent of the whole
   * @param lasting whether the stage has not ended
   */
  public record Bar(
      String name, String start, String width, String words, boolean begun, boolean lasting) {}

  static List<Bar> of(Timeline timeline, Instant begun, Words words) {
    var whole = 0.001;
    for (var stage : timeline.stages()) {
      if (isDrawn(stage, timeline)) {
        whole = Math.max(whole, words.secondsBetween(begun, stage.until()));
      }
    }
    var bars = new ArrayList<Bar>();
    for (var stage : timeline.stages()) {
      bars.add(
          isDrawn(stage, timeline)
              ? bar(stage, begun, whole, words)
              : new Bar(stage.name().word(), "0%", "0%", "–", false, false));
    }
    return bars;
  }

  private static Bar bar(Stage stage, Instant begun, double whole, Words words) {
    var from = stage.from() == null ? begun : stage.from();
    var start = words.secondsBetween(begun, from) / whole * 100;
    var seconds = Math.max(0, words.secondsBetween(from, stage.until()));
    return new Bar(
        stage.name().word(),
        percent(Math.clamp(start, 0, 99.5)),
        percent(Math.clamp(seconds / whole * 100, 0.5, 100)),
        words.seconds(seconds),
        true,
        stage.until() == null);
  }

  /** Nobody need deploy a build, so a wait for a person would only make the others small. */
  private static boolean isDrawn(Stage stage, Timeline timeline) {
    var waits = stage.name() == Stage.Name.WAIT && stage.until() == null;
    return stage.from() != null && !(waits && timeline.outlook() == Outlook.WAITING);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.2f%%", value);
  }
}
