package dev.slipway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects what a program found, and prints it: a table for people, then a line a figure. */
public final class Results {
  private static final String ROW = "%-44s %10s %10s %10s  %-3s %10s  %s";

  private final List<Row> rows = new ArrayList<>();

  private record Row(String what, Samples samples, String unit, double below, boolean figure) {
    String line() {
      return ROW.formatted(
              what,
              number(samples.median()),
              number(samples.least()),
              number(samples.most()),
              unit,
              Double.isNaN(below) ? "" : "< " + number(below),
              Double.isNaN(below) ? "" : samples.median() < below ? "met" : "MISSED")
          .stripTrailing();
    }
  }

  /**
   * A figure: in the table, and a line of its own.
   *
   * @param below what its median is to be less than
   */
  public void figure(String name, Samples samples, String unit, double below) {
    rows.add(new Row(name, samples, unit, below, true));
  }

  /** What a figure is made of, or helps to understand it: in the table only. */
  public void detail(String what, Samples samples, String unit) {
    rows.add(new Row("  " + what, samples, unit, Double.NaN, false));
  }

  /** The table, one row a line. */
  List<String> table() {
    var lines = new ArrayList<String>();
    lines.add(ROW.formatted("figure", "median", "least", "most", "", "target", "").stripTrailing());
    rows.forEach(row -> lines.add(row.line()));
    return lines;
  }

  /** {@code RESULT figure value unit}, one line a figure. */
  List<String> figures() {
    return rows.stream()
        .filter(Row::figure)
        .map(row ->
            "RESULT %s %s %s".formatted(row.what(), number(row.samples().median()), row.unit()))
        .toList();
  }

  /** Three significant digits or so; a point whatever the locale. */
  private static String number(double value) {
    var digits = value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
