package dev.slipway.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LogTextTest {
  private static final String PRINTED =
      "a\033[31mred\033[0m\033]0;title\007\033[2J\033[10;10Hb\033(B\r\nbar 1\rbar 2\n\0\u202e\u009b31m\ttab";

  @Test
  void lines_and_tabs_stay_and_whatever_moves_or_names_a_terminal_goes() {
    assertThat(new LogText(false).clean(PRINTED)).isEqualTo("aredbB\nbar 1\nbar 2\n␀��31m\ttab");
  }

  @Test
  void colours_stay_where_they_may_and_end_with_the_log() {
    var text = new LogText(true);
    assertThat(text.clean("\033[1;31mred\033[?25l")).isEqualTo("\033[1;31mred");
    assertThat(text.end()).isEqualTo("\033[0m");
    assertThat(new LogText(true).end()).isEmpty();
  }

  @Test
  void it_is_the_same_however_the_text_is_cut() {
    for (var colour : new boolean[] {true, false}) {
      var whole = new LogText(colour).clean(PRINTED);
      var cut = new LogText(colour);
      var pieces = new StringBuilder();
      PRINTED.chars().forEach(c -> pieces.append(cut.clean(String.valueOf((char) c))));
      assertThat(pieces.toString()).isEqualTo(whole);
    }
  }

  @Test
  void a_sequence_without_an_end_swallows_little() {
    assertThat(new LogText(true).clean("\033[" + "1".repeat(100) + "x")).contains("1111x");
    assertThat(new LogText(true).clean("\033[31\nnext")).isEqualTo("\nnext");
  }
}
