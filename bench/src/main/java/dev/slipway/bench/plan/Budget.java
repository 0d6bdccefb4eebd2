package dev.slipway.bench.plan;

import java.util.List;
import java.util.Locale;

/** The minutes from a push to running everywhere: what each stage may take, and what it takes. */
final class Budget {
  /** From push to running everywhere, in minutes. */
  static final double WHOLE = 30;

  private static final String ROW = "  %-10s %8s %10s %9s  %s";

  private final List<Stage> stages;

  /**
   * A part of the way.
   *
   * @param allowed minutes
   * @param takes minutes
   * @param made of what
   */
  record Stage(String name, double allowed, double takes, String made) {
    double slack() {
      return allowed - takes;
    }
  }

  Budget(List<Stage> stages) {
    this.stages = List.copyOf(stages);
  }

  /** Minutes of the whole that are left. */
  double slack() {
    return WHOLE - stages.stream().mapToDouble(Stage::takes).sum();
  }

  /** The stages that take more than they may. */
  List<Stage> over() {
    return stages.stream().filter(stage -> stage.slack() < 0).toList();
  }

  /** The table, one row a line. */
  List<String> table() {
    var rows = new java.util.ArrayList<String>();
    rows.add(ROW.formatted("minutes", "budget", "predicted", "slack", "which is"));
    for (var stage : stages) {
      rows.add(
          ROW.formatted(
              stage.name(),
              number(stage.allowed()),
              number(stage.takes()),
              number(stage.slack()),
              stage.made()));
    }
    var allowed = stages.stream().mapToDouble(Stage::allowed).sum();
    rows.add(ROW.formatted("slack", number(WHOLE - allowed), "", number(WHOLE - allowed), ""));
    rows.add(
        ROW.formatted("in all", number(WHOLE), number(WHOLE - slack()), number(slack()), "")
            .stripTrailing());
    return rows;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
