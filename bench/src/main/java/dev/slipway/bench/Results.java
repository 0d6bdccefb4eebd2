package dev.slipway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects what a program found, and prints it: a table for people, then a line a figure. */
public final class Results {
  private static final int NARROWEST = 44;
  private static final String ROW = "%-{width}s %10s %10s %10s  %-3s %10s  %s";

  private final List<Row> rows = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();

  private record Row(
      String what, Samples samples, String unit, @Nullable Target target, boolean figure) {
    String line(String format) {
      var median = samples.median();
      return format
          .formatted(
              what,
              number(median),
              number(samples.least()),
              number(samples.most()),
              unit,
              target == null ? "" : target.sign() + " " + number(target.limit()),
              target == null ? "" : target.met().test(median) ? "met" : "MISSED")
          .stripTrailing();
    }
  }

  /**
   * A figure: in the table, and a line of its own.
   *
   * @param below what its median is to be less than
   */
  public void figure(String name, Samples samples, String unit, double below) {
    rows.add(new Row(name, samples, unit, Target.below(below), true));
  }

  /** A figure whose median is to be more than {@code above}. */
  public void figureAbove(String name, Samples samples, String unit, double above) {
    rows.add(new Row(name, samples, unit, Target.above(above), true));
  }

  /** A figure whose median is to be {@code least} or more. */
  public void figureAtLeast(String name, Samples samples, String unit, double least) {
    rows.add(new Row(name, samples, unit, Target.atLeast(least), true));
  }

  /** A figure that is there to be compared with. */
  public void figure(String name, Samples samples, String unit) {
    rows.add(new Row(name, samples, unit, null, true));
  }

  /** What a figure is made of, or helps to understand it: in the table only. */
  public void detail(String what, Samples samples, String unit) {
    rows.add(new Row("  " + what, samples, unit, null, false));
  }

  /** Something happened that must not: the run counts as failed. */
  public void violated(String what) {
    violations.add(what);
  }

  /** What was {@link #violated} so far. */
  public List<String> violations() {
    return violations;
  }

  /** The table, one row a line. */
  List<String> table() {
    var width = rows.stream().mapToInt(row -> row.what().length()).max().orElse(0);
    var format = ROW.replace("{width}", "" + Math.max(width, NARROWEST));
    var lines = new ArrayList<String>();
    lines.add(
        format.formatted("figure", "median", "least", "most", "", "target", "").stripTrailing());
    rows.forEach(row -> lines.add(row.line(format)));
    return lines;
  }

  /** {@code RESULT figure value unit}, one line a figure. */
  public List<String> figures() {
    return rows.stream()
        .filter(Row::figure)
        .map(row ->
            "RESULT %s %s %s".formatted(row.what(), number(row.samples().median()), row.unit()))
        .toList();
  }

  /** Three significant digits or so; a point whatever the locale. */
  private static String number(double value) {
    var small = value != 0 && Math.abs(value) < 0.1;
    var digits = small ? 4 : value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
