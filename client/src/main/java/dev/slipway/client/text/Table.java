package dev.slipway.client.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Rows under titles, cut so that each fits on a line of a terminal; whole where it is none. */
public final class Table {
  private static final String GAP = "  ";

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /** What a column holds, and with it how it is set and how narrow it may get. */
  private enum Kind {
    /** Set to the right, never cut. */
    NUMBER(Integer.MAX_VALUE),
    /** Coloured, never cut. */
    STATE(Integer.MAX_VALUE),
    NAME(8),
    /** The first to be cut. */
    PROSE(12);

    private final int narrowest;

    Kind(int narrowest) {
      this.narrowest = narrowest;
    }
  }

  /** A column with its title. */
  public record Column(String title, Kind kind) {
    public static Column number(String title) {
      return new Column(title, Kind.NUMBER);
    }

    public static Column state(String title) {
      return new Column(title, Kind.STATE);
    }

    public static Column name(String title) {
      return new Column(title, Kind.NAME);
    }

    /** Sentences, such as reasons. */
    public static Column prose(String title) {
      return new Column(title, Kind.PROSE);
    }
  }

  public Table(Column... columns) {
    this.columns = List.of(columns);
  }

  /** A row, with a cell for each column; cells may hold anything. */
  public void row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    rows.add(Arrays.stream(cells).map(cell -> Clean.line(String.valueOf(cell))).toList());
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The titles and the rows, without blanks at their ends. */
  public List<String> lines(Terminal terminal) {
    var widths = widths();
    if (terminal.interactive()) {
      fit(widths, terminal.columns());
    }
    var lines = new ArrayList<String>();
    lines.add(line(columns.stream().map(Column::title).toList(), widths, Terminal.NONE));
    rows.forEach(row -> lines.add(line(row, widths, terminal)));
    return lines;
  }

  private int[] widths() {
    return IntStream.range(0, columns.size())
        .map(i ->
            Math.max(
                Width.of(columns.get(i).title()),
                rows.stream().mapToInt(row -> Width.of(row.get(i))).max().orElse(0)))
        .toArray();
  }

  private void fit(int[] widths, int wanted) {
    var over = IntStream.of(widths).sum() + GAP.length() * (widths.length - 1) - wanted;
    for (var kind : List.of(Kind.PROSE, Kind.NAME)) {
      var widestFirst =
          IntStream.range(0, widths.length)
              .filter(i -> columns.get(i).kind() == kind)
              .boxed()
              .sorted(Comparator.comparingInt((Integer i) -> -widths[i]))
              .toList();
      for (var i : widestFirst) {
        var cut = Math.clamp(widths[i] - kind.narrowest, 0, Math.max(0, over));
        widths[i] -= cut;
        over -= cut;
      }
    }
  }

  private String line(List<String> cells, int[] widths, Terminal terminal) {
    var line = new StringBuilder();
    var end = 0;
    for (var i = 0; i < widths.length; i++) {
      var kind = columns.get(i).kind();
      var text = Width.cut(cells.get(i), widths[i]);
      var pad = " ".repeat(widths[i] - Width.of(text));
      line.append(i == 0 ? "" : GAP).append(kind == Kind.NUMBER ? pad : "");
      line.append(kind == Kind.STATE ? terminal.paint(Tone.of(text), text) : text);
      end = text.isEmpty() ? end : line.length();
      line.append(kind == Kind.NUMBER ? "" : pad);
    }
    line.setLength(end);
    return line.toString();
  }
}
