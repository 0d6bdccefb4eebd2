package dev.slipway.client.text;

import static dev.slipway.client.text.Table.Column.name;
import static dev.slipway.client.text.Table.Column.number;
import static dev.slipway.client.text.Table.Column.prose;
import static dev.slipway.client.text.Table.Column.state;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TableTest {
  private static Table table() {
    var table = new Table(number("BUILD"), name("APP"), state("STATE"), prose("WHY"));
    table.row(
        "#7", "hello", "FAILED", "the command ended with exit code 1 after a long, long while");
    table.row("#12", "billing", "READY", "");
    return table;
  }

  @Test
  void columns_are_as_wide_as_they_must_be_and_lines_end_without_blanks() {
    assertThat(table().lines(Terminal.NONE))
        .containsExactly(
            "BUILD  APP      STATE   WHY",
            "   #7  hello    FAILED  the command ended with exit code 1 after a long, long while",
            "  #12  billing  READY");
  }

  @Test
  void on_a_terminal_prose_is_cut_first_and_nothing_wraps() {
    var lines = table().lines(new Terminal(50, true, false));
    assertThat(lines).allSatisfy(line -> assertThat(Width.of(line)).isLessThanOrEqualTo(50));
    assertThat(lines.get(1)).isEqualTo("   #7  hello    FAILED  the command ended with ex…");
  }

  @Test
  void names_are_cut_only_when_that_is_not_enough() {
    var table = new Table(name("MACHINE"), prose("DETAIL"));
    table.row("a-machine-with-a-very-long-name", "something went wrong there");
    assertThat(table.lines(new Terminal(40, true, false)).get(1))
        .isEqualTo("a-machine-with-a-very-lon…  something w…");
  }

  @Test
  void wide_characters_count_twice_and_marks_not_at_all() {
    assertThat(Width.of("日本")).isEqualTo(4);
    assertThat(Width.of("e\u0301")).isEqualTo(1);
    assertThat(Width.cut("日本語", 5)).isEqualTo("日本…");
  }

  @Test
  void states_have_colours_where_there_are_any_and_columns_stay_in_line() {
    var lines = table().lines(new Terminal(120, true, true));
    assertThat(lines.get(1)).contains("\033[31mFAILED\033[0m");
    assertThat(lines.get(2)).contains("\033[32mREADY\033[0m");
    assertThat(lines.stream().map(line -> line.replaceAll("\033\\[[0-9]+m", "")).toList())
        .isEqualTo(table().lines(Terminal.NONE));
  }

  @Test
  void a_cell_is_one_line_whatever_is_in_it() {
    var table = new Table(name("A"));
    table.row("one\ntwo\tthree\033[31m");
    assertThat(table.lines(Terminal.NONE).get(1)).isEqualTo("one two three␛[31m");
  }
}
