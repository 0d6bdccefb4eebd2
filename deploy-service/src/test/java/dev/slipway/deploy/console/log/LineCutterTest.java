package dev.slipway.deploy.console.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.deploy.console.log.LineCutter.Line;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LineCutterTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Line> linesOf(byte[] printed, int part, int longest) {
    var lines = new ArrayList<Line>();
    var cutter = new LineCutter(0, longest);
    for (var from = 0; from < printed.length; from += part) {
      var to = Math.min(printed.length, from + part);
      cutter.add(Arrays.copyOfRange(printed, from, to), lines::add);
    }
    if (cutter.hasRest()) {
      lines.add(cutter.rest());
    }
    return lines;
  }

  @Test
  void a_line_written_over_is_as_it_was_written_last() {
    assertThat(linesOf(bytes("10%\r50%\r100%\r\ndone\n"), 100, 100))
        .containsExactly(new Line("100%", false, 14), new Line("done", false, 19));
  }

  @Test
  void the_end_is_a_line_only_where_something_was_printed() {
    assertThat(linesOf(bytes("a\n"), 10, 10)).hasSize(1);
    assertThat(linesOf(bytes("a\nb"), 10, 10))
        .containsExactly(new Line("a", false, 2), new Line("b", false, 3));
    assertThat(linesOf(bytes("\n\n"), 10, 10)).extracting(Line::text).containsExactly("", "");
  }

  @Test
  void a_long_line_is_cut_in_memory() {
    assertThat(linesOf(bytes("x".repeat(1_000_000) + "\nnext\n"), 1000, 50))
        .containsExactly(
            new Line("x".repeat(50), true, 1_000_001), new Line("next", false, 1_000_006));
    assertThat(linesOf(bytes("x".repeat(100) + "\rshort\n"), 7, 50))
        .containsExactly(new Line("short", false, 107));
  }

  @Test
  void however_it_arrives_the_lines_are_the_same() {
    var random = new Random(3);
    for (var round = 0; round < 200; round++) {
      var text = new StringBuilder();
      random.ints(80, 0, 6).forEach(i -> text.append("ab\r\nä€".charAt(i)));
      var printed = bytes(text.toString());
      var whole = linesOf(printed, printed.length, 20);
      for (var part = 1; part < 9; part++) {
        assertThat(linesOf(printed, part, 20)).isEqualTo(whole);
      }
    }
  }
}
