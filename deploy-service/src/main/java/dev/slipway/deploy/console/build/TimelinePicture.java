package dev.slipway.deploy.console.build;

import dev.slipway.deploy.console.Words;
import dev.slipway.deploy.console.build.Scale.Bar;
import dev.slipway.deploy.timeline.Stage;
import dev.slipway.deploy.timeline.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A build's way as a picture that can be read as a table: each stage a bar on one scale, attempts
 * and regions below the stages that they are part of.
 *
 * @param budget the stages one behind the other against the budget
 * @param limit where the budget ends in that, in percent
 */
public record TimelinePicture(List<Row> rows, List<Bar> budget, String limit) {
  /**
   * A stage, or a part of one.
   *
   * @param part whether it is a part of the stage above
   * @param took in words
   * @param share how much of the budget it may take, in words; none where it has no share
   * @param over whether it took more than that
   */
  public record Row(
      String name,
      boolean part,
      List<Bar> bars,
      String took,
      @Nullable String share,
      boolean over) {}

  static TimelinePicture of(
      Timeline timeline, Instant begun, List<Attempt> attempts, List<Copy> copies, Words words) {
    return new Painter(timeline, scale(timeline, begun, words.now()), words)
        .paint(attempts, copies);
  }

  /** A wait for somebody to press Deploy may take days, and would make all else invisible. */
  private static Scale scale(Timeline timeline, Instant begun, Instant now) {
    var end = begun;
    Stage gap = null;
    for (var stage : timeline.stages()) {
      if (stage.from() != null) {
        var until = stage.until() == null ? now : stage.until();
        end = until.isAfter(end) ? until : end;
        gap = stage.name() == Stage.Name.WAIT && timeline.isWaitFree() ? stage : gap;
      }
    }
    return gap == null
        ? new Scale(begun, end, null, null)
        : new Scale(begun, end, gap.from(), gap.until() == null ? end : gap.until());
  }

  private record Painter(Timeline timeline, Scale scale, Words words) {
    TimelinePicture paint(List<Attempt> attempts, List<Copy> copies) {
      var rows = new ArrayList<Row>();
      for (var stage : timeline.stages()) {
        rows.add(row(stage));
        if (stage.name() == Stage.Name.BUILD && attempts.size() > 1) {
          attempts.forEach(attempt -> rows.add(row(attempt)));
        }
        if (stage.name() == Stage.Name.VERIFY) {
          copies.forEach(copy -> add(copy, rows));
        }
      }
      return new TimelinePicture(rows, budget(), percent(timeline.budgetSeconds()));
    }

    private Row row(Stage stage) {
      var word = stage.name().word();
      var free = stage.name() == Stage.Name.WAIT && timeline.isWaitFree();
      var share = stage.budgetSeconds() > 0 ? words.seconds(stage.budgetSeconds()) : null;
      var from = stage.from();
      var seconds = stage.seconds();
      if (from == null || seconds == null) {
        return new Row(word, false, List.of(), "–", share, false);
      }
      var bars = free ? List.<Bar>of() : List.of(scale.bar(word, from, stage.until()));
      var took = words.seconds(seconds) + (stage.until() == null ? " …" : "");
      var over = share != null && seconds > stage.budgetSeconds();
      return new Row(word, false, bars, took, free ? "does not count" : share, over);
    }

    private Row row(Attempt attempt) {
      var outcome = attempt.outcome() == null ? "RUNNING" : attempt.outcome();
      var bar = scale.bar(words.tone(outcome), attempt.startedAt(), attempt.finishedAt());
      return new Row(
          "attempt %d, %s".formatted(attempt.number(), outcome.toLowerCase(Locale.ROOT)),
          true,
          List.of(bar),
          words.between(attempt.startedAt(), attempt.finishedAt()),
          null,
          false);
    }

    /** A copy's two bars: until it is there, and until it was read back. */
    private void add(Copy copy, List<Row> rows) {
      var wanted = copy.wantedAt();
      if (wanted == null) {
        return;
      }
      var present = copy.presentAt();
      var bars = new ArrayList<Bar>();
      bars.add(scale.bar("replicate", wanted, present));
      if (present != null && !"CORRUPT".equals(copy.state())) {
        bars.add(scale.bar("verify", present, copy.verifiedAt()));
      }
      var took =
          "VERIFIED".equals(copy.state())
              ? words.between(wanted, copy.verifiedAt())
              : words.say(copy.state());
      rows.add(new Row("in " + copy.region(), true, bars, took, null, false));
    }

    private List<Bar> budget() {
      var bars = new ArrayList<Bar>();
      var at = 0.0;
      for (var stage : timeline.stages()) {
        var seconds = stage.seconds();
        var counts = stage.name() != Stage.Name.WAIT || !timeline.isWaitFree();
        if (seconds != null && counts) {
          var width = seconds / whole() * 100;
          bars.add(Bar.of(stage.name().word(), at, width, stage.until() == null));
          at += width;
        }
      }
      return bars;
    }

    private double whole() {
      return Math.max(timeline.budgetSeconds(), timeline.seconds());
    }

    private String percent(double seconds) {
      return String.format(Locale.ROOT, "%.2f%%", seconds / whole() * 100);
    }
  }
}
